# SPDX-License-Identifier: Apache-2.0
"""report.py - what every test script prints: a line for each sentence, the sum last.

The lines are cmocka's, so that a reader and tests/run.py need to know one spelling only.
"""
import sys


class Report:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, 0, 0

    def check(self, name, good, story=""):
        """name: the sentence that is true if `good`; story: what a person needs to mend it."""
        if good:
            self.passed += 1
            print(f"[       OK ] {name}", flush=True)
        else:
            self.failed += 1
            print(f"[  FAILED  ] {name}\n{story}".rstrip(), flush=True)

    def skip(self, name, reason):
        self.skipped += 1
        print(f"[  SKIPPED ] {name}\nskipped: {reason}", flush=True)

    def finish(self):
        print(total(self.passed, self.failed, self.skipped), flush=True)
        sys.exit(1 if self.failed else 0)


def total(passed, failed, skipped):
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
