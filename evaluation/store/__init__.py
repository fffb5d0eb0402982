"""What has been accepted, taken back and released: immutable files, a ledger, snapshots."""

from evaluation.store.accepting import accept as accept
from evaluation.store.attempts import Attempt as Attempt
from evaluation.store.attempts import attempts as attempts
from evaluation.store.attempts import record_attempt as record_attempt
from evaluation.store.findings import Explained as Explained
from evaluation.store.findings import OpenFinding as OpenFinding
from evaluation.store.findings import explanations as explanations
from evaluation.store.findings import open_findings as open_findings
from evaluation.store.opening import Store as Store
from evaluation.store.opening import find_store as find_store
from evaluation.store.opening import open_store as open_store
from evaluation.store.receipt import known_receipt as known_receipt
from evaluation.store.receipt import receipts as receipts
from evaluation.store.receipt import would_supersede as would_supersede
from evaluation.store.releases import Released as Released
from evaluation.store.releases import earlier_releases as earlier_releases
from evaluation.store.releases import record_release as record_release
from evaluation.store.snapshots import earlier as earlier
from evaluation.store.snapshots import open_snapshot as open_snapshot
from evaluation.store.snapshots import take_snapshot as take_snapshot
from evaluation.store.submission import Submission as Submission
from evaluation.store.submission import submissions as submissions
from evaluation.store.withdrawing import in_force_instead as in_force_instead
from evaluation.store.withdrawing import withdraw as withdraw
