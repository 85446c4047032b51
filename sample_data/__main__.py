"""`python -m sample_data FOLDER` makes the sample workspace in an empty folder."""

from __future__ import annotations

import sys
from pathlib import Path

from data_access.workspace import Workspace
from sample_data import build

build(Workspace(Path(sys.argv[1])))
