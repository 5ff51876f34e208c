# SPDX-License-Identifier: Apache-2.0
"""data.py - where the public data is, and its labels as Python values.

The folder is $ODDBALL_DATA, else ../shared/data beside the source.  What is in it and where it
comes from: doc/benchmarks.md.  Text is bytes made str by surrogateescape, so that nothing is lost.
"""
import csv
import gzip
import io
import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("ODDBALL_DATA") or ROOT.parent / "shared/data")
LOGS, METRICS = DATA / "logs", DATA / "metrics"
LOGHUB_SETS = ("Android", "Apache", "BGL", "Hadoop", "HDFS", "HealthApp", "HPC", "Linux", "Mac",
               "OpenSSH", "OpenStack", "Proxifier", "Spark", "Thunderbird", "Windows", "Zookeeper")


def read_bytes(path):
    """The bytes of a file, or of its twin with .gz."""
    if path.exists():
        return path.read_bytes()
    return gzip.decompress(Path(f"{path}.gz").read_bytes())


def read_table(path):
    text = read_bytes(path).decode("utf-8", "surrogateescape")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def has_loghub():
    return (LOGS / "loghub2k/Apache").is_dir()


def loghub_raw(name):
    return read_bytes(LOGS / f"loghub2k/{name}/{name}_2k.log")


def loghub_labels(name):
    """Per line: (message, template as first published, template as corrected later)."""
    folder = LOGS / "loghub2k" / name
    first = read_table(folder / "structured.csv")
    later = read_table(folder / "structured_corrected.csv")
    return [(b["Content"], a["EventTemplate"], b["EventTemplate"])
            for a, b in zip(first, later, strict=True)]


def has_hdfs():
    return (LOGS / "hdfs").is_dir()


def hdfs():
    """(bytes of the log, {block: is anomalous})."""
    labels = read_table(LOGS / "hdfs/anomaly_label.csv")
    return (read_bytes(LOGS / "hdfs/HDFS_2percent.log"),
            {row["BlockId"]: row["Label"] == "Anomaly" for row in labels})


def pairs():
    """Per pair of CI logs: (name, good file, failed file, expected rows, rows that may be told)."""
    found = []
    for folder in sorted((LOGS / "ci").glob("*/")):
        truth = json.loads((folder / "expected.json").read_text())
        found.append((folder.name, folder / "good.log", folder / "fail.log",
                      set(truth["expected_rows"]), set(truth["optional_rows"])))
    return found


def read_columns(path):
    """{name: cells as text} of a CSV."""
    text = read_bytes(path).decode("utf-8", "surrogateescape")
    names, *rows = csv.reader(io.StringIO(text, newline=""))
    return {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}


def has_metrics():
    return (METRICS / "nab/windows.json").exists()


def nab():
    """Per series: (name, times, values, windows as [first, last] time); all as text."""
    series = []
    for name, windows in json.loads((METRICS / "nab/windows.json").read_text()).items():
        columns = read_columns(METRICS / "nab" / name)
        windows = [[time.removesuffix(".000000") for time in window] for window in windows]
        series.append((name, columns["timestamp"], columns["value"], windows))
    return series


def labelled_series():
    """The rows of index.csv; the series themselves are read by series_of()."""
    return read_table(METRICS / "series/index.csv")


def series_of(row):
    """(name of the first column, its cells, values, labels) of a row of index.csv."""
    columns = read_columns(METRICS / "series" / row["file"].removesuffix(".gz"))
    index = "timestamp" if "timestamp" in columns else "index"
    return index, columns[index], columns["value"], [int(label) for label in columns["label"]]


def smd():
    """The names of the servers that are here."""
    return sorted(folder.name for folder in (METRICS / "smd").glob("machine-*"))


def smd_machine(name):
    """({metric: cells of train, then test}, rows of train, labels of test, attribution).

    attribution: (first, end) row of test, end excluded, and the metrics said to be affected.
    """
    folder = METRICS / "smd" / name
    train, test = (read_columns(folder / f"{part}.csv") for part in ("train", "test"))
    labels = [int(label) for label in read_columns(folder / "label.csv")["label"]]
    told = [(int(row["first"]), int(row["end"]), set(row["metrics"].split()))
            for row in read_table(folder / "attribution.csv")]
    return ({metric: train[metric] + test[metric] for metric in train},
            len(train[next(iter(train))]), labels, told)


def skab():
    """Per run with a fault: (name, times, {sensor: cells}, anomaly, changepoint of each row)."""
    runs = []
    for path in sorted((METRICS / "skab").glob("*/*.csv")):
        columns = read_columns(path)
        labels = [[float(cell) > 0 for cell in columns.pop(name)]
                  for name in ("anomaly", "changepoint")]
        times = columns.pop("datetime")
        runs.append((f"{path.parent.name}/{path.stem}", times, columns, *labels))
    return runs


def petshop():
    """Per issue: (name, recordings of the normal state, its own file, target and cause)."""
    issues = []
    folder = METRICS / "petshop"
    for path in sorted(folder.glob("*/*/issue_*/")):
        scenario = path.parent.parent
        normal = [scenario / "noissue/metrics.csv"]
        if not (scenario / "noissue").is_dir():
            normal = [folder / name / "noissue/metrics.csv"
                      for name in ("low_traffic", "high_traffic")]
        told = json.loads((path / "target.json").read_text())
        issues.append((str(path.relative_to(folder)), normal, path / "metrics.csv",
                       told["target"], told["root_cause"]["node"]))
    return issues
