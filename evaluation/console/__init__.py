"""What the command line prints: sentences and tables for people, one JSON object for programs."""

from evaluation.console.findings import show_findings as show_findings
from evaluation.console.findings import show_given as show_given
from evaluation.console.findings import show_supersedes as show_supersedes
from evaluation.console.findings import show_waiting as show_waiting
from evaluation.console.keys import made_as_json as made_as_json
from evaluation.console.keys import show_made as show_made
from evaluation.console.keys import show_secret as show_secret
from evaluation.console.receipts import batch_as_json as batch_as_json
from evaluation.console.receipts import receipt_as_json as receipt_as_json
from evaluation.console.receipts import show_batch as show_batch
from evaluation.console.receipts import show_not_in_force as show_not_in_force
from evaluation.console.receipts import show_receipt as show_receipt
from evaluation.console.receipts import show_withdrawn as show_withdrawn
from evaluation.console.receipts import withdrawn_as_json as withdrawn_as_json
from evaluation.console.releases import APPROVED as APPROVED
from evaluation.console.releases import left_as_json as left_as_json
from evaluation.console.releases import show_export as show_export
from evaluation.console.releases import show_left as show_left
from evaluation.console.releases import show_release as show_release
from evaluation.console.speaking import print_json as print_json
from evaluation.console.speaking import progress as progress
from evaluation.console.speaking import say as say
from evaluation.console.speaking import sorry as sorry
from evaluation.console.state import show_state as show_state
from evaluation.console.state import state_as_json as state_as_json
