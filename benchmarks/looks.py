"""Whether everything is readable: every screen in every state, in all themes, at several sizes.

`python -m benchmarks.looks` takes minutes; `--pictures FOLDER` saves the screens in one theme.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from benchmarks.report import Figure, tell
from tests.support.app_tour import tour, tour_config, unread, watch_tour
from tests.support.runner_world import make_world

SIZES = ("80x24", "40x12", "120x40")


async def figure(size: str, themes: list[str], pictures: Path | None) -> Figure:
    """How many texts, digits and bars have too little contrast."""
    width, height = map(int, size.split("x"))
    looks, bad = 0, []
    for walk in (tour, watch_tour):
        with tempfile.TemporaryDirectory() as folder:
            config = tour_config(**({"theme": themes[0]} if themes else {}))
            async for stop in walk(make_world(Path(folder)), config, size=(width, height)):
                for theme in themes or list(stop.app.available_themes):
                    stop.app.theme = theme
                    await stop.pilot.pause()
                    found = list(unread(stop.app))
                    looks += 1
                    bad += [f"{theme}, {stop.name}: {one}" for one in found]
                    if pictures is not None and theme == (themes or ["retro-amber"])[0]:
                        name = f"{size} {theme} {stop.name}.svg"
                        (pictures / name).write_text(stop.app.export_screenshot(title=name))
    for line in bad:
        print(line)
    return Figure(f"unreadable at {size}", len(bad), 0.0, f"of {looks} looks", "")


def main() -> int:
    """Print the figures; returns 1 if something is unreadable."""
    parser = argparse.ArgumentParser(description="Is everything readable in every theme?")
    parser.add_argument("--size", action="append", metavar="80x24", help="may be given again")
    parser.add_argument("--theme", action="append", help="may be given again; all unless given")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    if args.pictures is not None:
        args.pictures.mkdir(parents=True, exist_ok=True)
    sizes = args.size or list(SIZES)
    return tell([asyncio.run(figure(size, args.theme or [], args.pictures))] for size in sizes)


if __name__ == "__main__":
    raise SystemExit(main())
