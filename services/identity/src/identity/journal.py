"""Who did what to people; the club service answers it."""

from chassis.journal import Journal
from contracts.audit import IdentityAuditRecorded

journal = Journal(IdentityAuditRecorded)
