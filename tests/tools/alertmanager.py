# SPDX-License-Identifier: Apache-2.0
"""alertmanager.py - a real Alertmanager beside the server of a test, in a folder of its own."""
import shutil
import tempfile
import urllib.request
from pathlib import Path

from program import Other
from recorder import waits

COMMAND = "prometheus-alertmanager"


def has_alertmanager():
    return shutil.which(COMMAND) is not None


class Alertmanager(Other):
    """`with Alertmanager(port, "route: ...") as manager:`, and it is ready."""

    def __init__(self, port, configuration):
        self.address = f"http://127.0.0.1:{port}"
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "am.yml"
        path.write_text(configuration)
        super().__init__(COMMAND, f"--config.file={path}", f"--storage.path={path.parent}",
                         f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=")

    def __enter__(self):
        super().__enter__()
        waits(self.is_ready)
        return self

    def __exit__(self, *problem):
        super().__exit__(*problem)
        self.folder.cleanup()

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.address + "/-/ready", timeout=5):
                return True
        except OSError:
            return False
