"""The audit of taste: who wrote what."""

from chassis.journal import Journal
from contracts.audit import TasteAuditRecorded

journal = Journal(TasteAuditRecorded)
