"""Files as they come from outside: one function per format, each giving a `RawFile`."""

from evaluation.returns.files.opening import open_file as open_file
from evaluation.returns.files.raw import Aside as Aside
from evaluation.returns.files.raw import RawFile as RawFile
from evaluation.returns.files.raw import RawSheet as RawSheet
