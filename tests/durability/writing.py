"""A process that uploads one file after another, and says so after each. It gets killed."""

from __future__ import annotations

import sys
from pathlib import Path

from data_access.ingest import accept, prepare
from data_access.manifests import uploads
from data_access.warehouse import catch_up
from data_access.workspace import Workspace

ANSWERS = {"source": "tool", "zone": "UTC", "coverage": "part", "closed_cases": "no"}


def main(root: str, folder: str) -> None:
    workspace = Workspace(Path(root))
    catch_up(workspace)
    known = {upload.file_name for upload in uploads(workspace)}
    print("READY", flush=True)
    for path in sorted(Path(folder).iterdir()):
        if path.name in known:
            continue
        dry_run = prepare(workspace, path, file_name=path.name, answers=ANSWERS)
        upload = accept(workspace, dry_run, by="killed", clock=workspace.clock())
        print(f"ACCEPTED {upload.upload_id}", flush=True)
    print("DONE", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
