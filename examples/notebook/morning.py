#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""morning.py - a data scientist's morning with oddball: from what came in to a model that is asked.

    morning.py PROGRAM [FOLDER]

It needs Python's standard library and pandas (Debian: python3-pandas).  With xgboost
(python3-xgboost) the model is trained in Python and brought back; without, oddball trains it.
PROGRAM is an oddball that is built or installed; it is started on a new folder, with a shop whose
events are made up here.  README.md beside this file has what it printed.
"""
import io
import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pandas

USERS, ROUNDS, ROUND_EVENTS, SEED = 60, 6, 600, 7
FEATURES = """
features:
  - {name: paid_1h, from: events, event: checkout, entity: user, value: amount, aggregate: sum,
     window: 1h, unit: EUR, description: what a user has paid}
  - {name: orders_1h, from: events, event: checkout, entity: user, aggregate: count, window: 1h}
  - {name: largest_1h, from: events, event: checkout, entity: user, value: amount, aggregate: max,
     window: 1h, unit: EUR}
"""
COLUMNS = ["paid_1h", "orders_1h", "largest_1h"]


class Oddball:
    """A server on a folder, and commands beside it."""

    def __init__(self, program, folder):
        self.program, self.data = program, Path(folder) / "data"
        (self.data / "features").mkdir(parents=True)
        (self.data / "features" / "shop.yaml").write_text(FEATURES, encoding="utf-8")

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--otlp-http",
             "off", "--otlp-grpc", "off", "--no-discovery"], stderr=subprocess.DEVNULL)
        note = self.data / "server.json"
        for _ in range(600):
            if note.exists():
                break
            time.sleep(.1)
        self.address = f"http://{json.loads(note.read_text())['address']}"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)

    def ask(self, path, body=None):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data)
        if body is not None:
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def run(self, *words):
        done = subprocess.run([self.program, *map(str, words), "--data", self.data],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"oddball {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def sql(self, statement):
        """An answer as a table of pandas; the newest rows are in it too."""
        return pandas.read_csv(io.StringIO(self.run("sql", "--format", "csv", statement)))

    def learnt(self):
        while True:
            status = self.ask("/api/v1/status")
            if status["journal_position"] == status["fold_position"]:
                return
            time.sleep(.05)


def told(title, what):
    print(f"\n## {title}\n{what}")


def a_shop(oddball, rng):
    """Checkouts happen and are logged, and after each round somebody looks who came back: mostly
    those who buy dear things.  Gives these labels."""
    while not oddball.ask("/api/v1/features")["items"]:
        time.sleep(.1)
    dear, labels = {f"u{n}": n % 2 == 0 for n in range(USERS)}, []
    for _ in range(ROUNDS):
        events, lines = [], []
        for _ in range(ROUND_EVENTS):
            user = rng.choice(list(dear))
            amount = round(rng.random() * (50 if dear[user] else 25), 2)
            events.append({"user": user, "amount": amount})
            lines.append(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} INFO checkout of "
                         f"user={user} amount={amount}\n")
        oddball.ask("/api/v1/events/checkout", events)
        oddball.ask("/ingest?source=shop", "".join(lines).encode())
        oddball.learnt()
        now = time.time_ns()
        labels += [{"time": now, "user": user, "back": int(rng.random() < (.9 if is_dear else .15))}
                   for user, is_dear in dear.items()]
    return pandas.DataFrame(labels)


def look(oddball):
    told("What came in, in SQL", oddball.sql(
        "SELECT source, level, count(*) AS lines FROM logs GROUP BY ALL ORDER BY lines DESC"))

def make(oddball, labels, folder):
    """Features as they could be known at the time of each label; frozen under a name."""
    labels.to_csv(folder / "labels.csv", index=False)
    table = folder / "train.csv"
    oddball.run("dataset", "make", "--labels", folder / "labels.csv", "--features",
                ",".join(COLUMNS), "--out", table)
    version = oddball.run("dataset", "freeze", table, "--name", "back").strip()
    told("A table to train on, frozen", oddball.run("dataset", "show", "back"))
    rows = pandas.read_csv(io.StringIO(oddball.run("dataset", "export", version)))
    told("The first rows", rows[["user", *COLUMNS, "back"]].head(4).to_string(index=False))
    return version, rows


def by_xgboost(xgboost, rows, folder):
    """In order of time: the first seven tenths are learnt, the rest measures."""
    cut = len(rows) * 7 // 10
    fit, test = rows[:cut], rows[cut:]
    booster = xgboost.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1},
                            xgboost.DMatrix(fit[COLUMNS], label=fit["back"]), 30)
    said = booster.predict(xgboost.DMatrix(test[COLUMNS])) > .5
    told("Trained in Python", f"right in {100 * (said == test['back']).mean():.0f} % of later rows,"
         f" always the commoner: {100 * max(test['back'].mean(), 1 - test['back'].mean()):.0f} %")
    booster.save_model(folder / "back.json")
    return folder / "back.json"


def train(oddball, version, rows, folder):
    try:
        import xgboost
    except ImportError:
        told("Trained by oddball", oddball.run("model", "train", "--dataset", version, "--target",
                                               "back", "--drop", "user", "--budget", "5"))
        oddball.run("model", "export", "back", "--out", folder / "back.bin")
        return folder / "back.bin"
    return by_xgboost(xgboost, rows, folder)


def use(oddball, model):
    """Brought in, promoted, and asked by a user: features are looked up."""
    name = oddball.run("model", "import", model, "--name", "comes-back").strip()
    oddball.run("model", "promote", "comes-back", "--reason", "the first one")
    told("In the registry", oddball.run("model", "list"))
    answer = oddball.ask("/api/v1/models/comes-back/predict",
                         {"rows": [{"entity": "u1"}, {"entity": "nobody"}]})
    for row in answer["predictions"]:
        used = ", ".join(f"{f['name']} {f['value']}" for f in row["features"])
        told(f"Does {row['entity']} come back?", f"{row['prediction']}, probability "
             f"{row['probability']:.2f} ({used})")
    return name


def read_lake(oddball):
    """The server has ended, and all is in Parquet files: pandas reads them where pyarrow is
    installed, and anything else that does; here it is oddball's own SQL, on the files alone."""
    files = sorted((oddball.data / "lake").glob("logs/*/*.parquet"))
    try:
        lines = pandas.concat(pandas.read_parquet(file) for file in files)
    except ImportError:
        lines = oddball.sql("SELECT time, source, text FROM logs ORDER BY time LIMIT 100000")
    amounts = lines["text"].str.extract(r"amount=([\d.]+)")[0].astype(float)
    told(f"{len(files)} Parquet files of lines", amounts.describe().round(2).to_string())


def main():
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as other:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else other)
        with Oddball(str(Path(sys.argv[1]).resolve()), folder) as oddball:
            labels = a_shop(oddball, rng)
            look(oddball)
            version, rows = make(oddball, labels, folder)
            use(oddball, train(oddball, version, rows, folder))
        read_lake(oddball)


if __name__ == "__main__":
    main()
