"""Who did what to albums; the club service answers it."""

from chassis.journal import Journal
from contracts.audit import CatalogAuditRecorded

journal = Journal(CatalogAuditRecorded)
