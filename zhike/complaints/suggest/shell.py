"""What `zhike suggest` does: evaluate needs no database; train learns from the closed cases of this enterprise."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from . import evaluating, jobs, words
from .files import BadFile, read_cases

SHOWN_SKIPPED = 100


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhike suggest", description="Classes proposed from past cases.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    evaluate = verbs.add_parser("evaluate", help="cross-validate on a file of labelled cases")
    evaluate.add_argument("file", type=Path, help="CSV, TSV, XLSX or JSON Lines")
    evaluate.add_argument("--text", default="", metavar="COLUMN", help="the column of texts")
    evaluate.add_argument("--label", default="", metavar="COLUMN", help="the column of classes")
    evaluate.add_argument("--folds", type=int, default=5)
    evaluate.add_argument("--json", action="store_true")
    train = verbs.add_parser("train", help="learn from the closed cases, for every regulation")
    train.add_argument("--manual", default="", metavar="KEY", help="only this regulation")
    train.add_argument("--take", action="store_true", help="take the new model even if it is worse")
    train.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    # classes that nothing tells apart take more rounds than are worth the time; the figures show them anyway
    warnings.filterwarnings("ignore", message="Liblinear failed to converge")
    return _evaluate(given) if given.verb == "evaluate" else _train(given)


def _evaluate(given: argparse.Namespace) -> int:
    if not 2 <= given.folds <= 20:
        return _refused("--folds: 2..20")
    try:
        data = given.file.read_bytes()
    except OSError as trouble:
        return _refused(f"{given.file}: {trouble.strerror}")
    try:
        cases = read_cases(given.file.name, data, text=given.text, label=given.label)
        found = evaluating.evaluate(evaluating.labelled(cases.texts, cases.labels), folds=given.folds)
    except BadFile as wrong:
        return _refused(f"{given.file}: {wrong}")
    except evaluating.CannotEvaluate as wrong:
        return _refused(f"{given.file}: {words.problem(wrong)}")
    figures = found.figures | {
        "skipped": [{"row": one.row, "reason": one.reason} for one in cases.skipped[:SHOWN_SKIPPED]],
        "skipped_rows": len(cases.skipped),
        "shortened": cases.shortened,
    }
    if given.json:
        json.dump(figures, sys.stdout, ensure_ascii=False)
        print()
    else:
        _print(figures, cases.skipped)
    return 0


def _refused(sentence: str) -> int:
    print(f"zhike: {sentence}", file=sys.stderr)
    return 1


def _print(figures: dict[str, Any], skipped: list[Any]) -> None:
    print(
        f"macro-F1 {figures['macro_f1']:.4f} ± {figures['macro_f1_std']:.4f} ({figures['folds']} folds)"
        f" · weighted F1 {figures['weighted_f1']:.4f} · accuracy {figures['accuracy']:.4f}"
        f" · top 2 {figures['top2_accuracy']:.4f} · top 3 {figures['top3_accuracy']:.4f}"
        f" · calibration error {figures['expected_calibration_error']:.4f}"
    )
    print(f"{figures['rows']} rows, {figures['classes']} classes, {figures['seconds']} s")
    print(f"{'rows':>8} {'prec.':>7} {'recall':>7} {'F1':>7}  class")
    for row in figures["per_class"]:
        print(
            f"{row['rows']:>8} {row['precision']:>7.4f} {row['recall']:>7.4f} {row['f1']:>7.4f}  {row['label']}"
        )
    for row in figures["confused"]:
        print(f"{row['rows']:>8} {row['label']} -> {row['taken_for']}")
    for row in figures["rare"]:
        print(f"fewer texts than folds: {row['label']} ({row['texts']})")
    for row in figures["left_out"]:
        print(f"left out, one text only: {row['label']} ({row['rows']})")
    for reason, number in Counter(one.reason for one in skipped).items():
        first = next(one.row for one in skipped if one.reason == reason)
        print(f"skipped: {number} ({reason}; first: {first})")


def _train(given: argparse.Namespace) -> int:
    found = jobs.train_all(key=given.manual, take=given.take, again=True)
    if given.json:
        json.dump([words.as_data(row) for row in found], sys.stdout, ensure_ascii=False)
        print()
    else:
        for row in found:
            print(words.line(row))
        if not found:
            print(words.nothing())
    return 0
