"""Every table, imported in one place for the migrations."""

from models.accounts import Account
from models.approvals import ApprovalRequest, ApprovalRuleRow, Decision
from models.audit import AuditRow
from models.channels import Channel
from models.configuring import ConfigChange
from models.deals import Deal
from models.dropped import DroppedFile
from models.events import Endpoint, Event
from models.feedback import Feedback
from models.inbox import Delivery, SpentButton
from models.joining import AccountRequest
from models.links import LinkCode, LinkGuess
from models.numbers import Counter
from models.outbox import Post
from models.people import HeldDuty, Identity, Person
from models.policies import Acknowledgement, Policy, PolicyReach
from models.questions import OpenForm
from models.regions import Organisation, PersonDataAgreement, Rate, Region, Team
from models.rollups import Rollup
from models.schedules import Schedule, SlotRun, Timer
from models.standups import CheckIn, StandUp
from models.targets import Target
from models.timeline import DealEntry
from models.visits import Visit
from models.workspace import WorkspaceChange, WorkspaceMessage

TABLES = (
    Account, AccountRequest, Acknowledgement, ApprovalRequest, ApprovalRuleRow, AuditRow, Channel, CheckIn,
    ConfigChange, Counter, Deal, DealEntry, Decision, Delivery, DroppedFile, Endpoint, Event, Feedback, HeldDuty,
    Identity, LinkCode, LinkGuess, OpenForm, Organisation, Person, PersonDataAgreement, Policy,
    PolicyReach, Post, Rate, Region, Rollup, Schedule, SlotRun, SpentButton, StandUp, Target, Team, Timer, Visit,
    WorkspaceChange, WorkspaceMessage,
)  # fmt: skip
