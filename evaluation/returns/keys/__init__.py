"""Child keys from a list of identifiers: for the data controller alone, apart from every store."""

from evaluation.returns.keys.making import Made as Made
from evaluation.returns.keys.making import make_keys as make_keys
from evaluation.returns.keys.secret import Secret as Secret
from evaluation.returns.keys.secret import new_secret as new_secret
from evaluation.returns.keys.secret import read_secret as read_secret
