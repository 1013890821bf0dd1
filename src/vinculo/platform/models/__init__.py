"""Who, what may they, what happened."""

from vinculo.platform.models.accesses import AccessEvent
from vinculo.platform.models.custom import CustomField, CustomKind
from vinculo.platform.models.happenings import Event, Notification, RecentView
from vinculo.platform.models.journal import Change, ChangeSet
from vinculo.platform.models.keys import ApiKey, FirstLink
from vinculo.platform.models.layouts import RecordLayout
from vinculo.platform.models.once import OnceKey, RateBucket
from vinculo.platform.models.people import Membership, Role, RoleAssignment, Team, User
from vinculo.platform.models.seals import Seal, SealLayout
from vinculo.platform.models.terms import Gender, ModuleSwitch, Term
from vinculo.platform.models.work import JobFailure, JobReceipt, Work

__all__ = [
    "AccessEvent",
    "ApiKey",
    "Change",
    "ChangeSet",
    "CustomField",
    "CustomKind",
    "Event",
    "FirstLink",
    "Gender",
    "JobFailure",
    "JobReceipt",
    "Membership",
    "ModuleSwitch",
    "Notification",
    "OnceKey",
    "RateBucket",
    "RecentView",
    "RecordLayout",
    "Role",
    "RoleAssignment",
    "Seal",
    "SealLayout",
    "Team",
    "Term",
    "User",
    "Work",
]
