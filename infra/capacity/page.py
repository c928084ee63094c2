"""The counted tables: on the screen, or with --write between the markers of the operators' pages."""

import logging
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.capacity import model
from infra.capacity.scenes import Seen, play

FOLDER = Path(__file__).parents[2] / "docs" / "operations"
COLUMNS = ("requests", "writes", "reads", "mails", "keys")
HAPPENS = {
    "requests": "requests",
    "mails": "mails",
    "write_units": "write units",
    "read_units": "read units",
    "kms_calls": "calls to KMS",
    "table_gb": "GB of tables more each year",
    "file_gb": "GB of files more each year",
}
TIMES = (1, 10, 100, 1_000)


def main(arguments: Sequence[str]) -> int:
    """Count, and print or write the tables."""
    logging.disable(logging.CRITICAL)
    seen = play()
    for name, blocks in pages(seen).items():
        if "--write" in arguments:
            file = FOLDER / name
            file.write_text(written(file.read_text(encoding="utf-8"), blocks), encoding="utf-8")
        else:
            sys.stdout.write("\n\n".join(blocks.values()) + "\n\n")
    return 0


def pages(seen: Seen) -> Mapping[str, Mapping[str, str]]:
    """Return the blocks of each page by their names."""
    cost = {"scenes": scenes(seen), "workload": workload(), "year": year(seen), "prices": prices()}
    return {"capacity-and-cost.md": cost, "scale.md": {"limits": limits(seen), "load": load(seen)}}


def written(text: str, blocks: Mapping[str, str]) -> str:
    """Return a page with its blocks as they are now. Raises ValueError when the page has no place for one."""
    for name, block in blocks.items():
        start, end = f"<!-- counted: {name} -->", "<!-- end -->"
        if start not in text:
            raise ValueError(f"no place for {name}")
        before, _, rest = text.partition(start)
        text = f"{before}{start}\n\n{block}\n\n{end}{rest.partition(end)[2]}"
    return text


def scenes(seen: Seen) -> str:
    lines = [_row(["what happens", *COLUMNS]), _row(["---", *("---:" for _ in COLUMNS)])]
    named = {**seen.scenes, **{f"`{name}` with nothing to do": counts for name, (counts, _) in seen.schedules.items()}}
    for name, counts in named.items():
        lines.append(_row([name, *(_number(value) for _, value in model.described(counts))]))
    lines.append(
        _row(["**one report, its whole life**", *(_number(value) for _, value in model.described(model.per_report(seen)))])
    )
    return "\n".join([*lines, "", f"One report with all that hangs on it keeps {seen.bytes_kept:,} bytes in tables and indexes."])


def workload() -> str:
    lines = ["| how often per report | | why |", "|---|---:|---|"]
    lines += [_row([row["what"], row["per_report"], row["source"]]) for row in model.rows("workload")]
    lines += ["", "| assumption | | what it is |", "|---|---:|---|"]
    return "\n".join([*lines, *(_row([row["name"], row["value"], row["source"]]) for row in model.rows("parameters"))])


def year(seen: Seen) -> str:
    years = [model.a_year(seen, size, seen.bytes_kept) for size in model.SIZES]
    lines = [_row(["a year with so many reports", *(f"{one.reports:,}" for one in years)]), "|---|---:|---:|---:|"]
    lines += [_row([words, *(f"{one.happens[name]:,.0f}" for one in years)]) for name, words in HAPPENS.items()]
    lines.append(_row(["mails a second, to ask SES for", *(str(model.mails_a_second(one)) for one in years)]))
    lines += [_row([f"{name}, $", *(f"{one.costs[name]:,.0f}" for one in years)]) for name in years[0].costs]
    lines.append(_row(["**together, $ a year**", *(f"**{one.total:,.0f}**" for one in years)]))
    lines.append(_row(["dollar cents a report", *(f"{one.total / one.reports * 100:,.2f}" for one in years)]))
    return "\n".join(lines)


def prices() -> str:
    lines = ["| price | $ | per | source |", "|---|---:|---:|---|"]
    return "\n".join(
        [*lines, *(_row([row["name"], row["dollars"], f"{int(row['per']):,}", row["source"]]) for row in model.rows("prices"))]
    )


def limits(seen: Seen) -> str:
    lines = ["| reached at × national | limit | a second | whose | what to turn |", "|---:|---|---:|---|---|"]
    for limit, times in model.first_hit(seen):
        reached = f"{times:,.0f}" if times >= TIMES[1] else f"{times:.1f}"
        lines.append(_row([reached, limit.name, _rate(limit.per_second), limit.kind, limit.turn]))
    return "\n".join(lines)


def load(seen: Seen) -> str:
    now = model.rates(seen, model.NATIONAL)
    lines = [_row(["in the busiest hour, a second", *(f"{times:,}×" for times in TIMES)]), "|---|" + "---:|" * len(TIMES)]
    return "\n".join(
        [*lines, *(_row([name.replace("_", " "), *(_rate(rate * times) for times in TIMES)]) for name, rate in now.items())]
    )


def numbers(block: str) -> dict[str, list[float]]:
    """Return the numbers of a table by the first cell of each row: for who compares."""
    rows = (re.split(r" \| ", line.strip("| ")) for line in block.splitlines() if line.startswith("|"))
    return {cells[0]: [float(cell.strip("* ").replace(",", "")) for cell in cells[1:]] for cells in rows if _is_number(cells[-1])}


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[\d,.]+", text.strip("* ")))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= TIMES[2] else f"{value:.3g}"


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
