"""The master tables of single sampling as four public sources print them, transcribed as facts.

Notation: `v3` is three arrows down, `^2` two arrows up, `Q>A:0` the letters from Q to A with
acceptance number 0 each, `A:1,2,3` letter A with 1, 2, 3. One row is one code letter, from the
lowest AQL to the highest.

- `GB_T`: GB/T 2828.1-2012 (identical with ISO 2859-1:1999) in an `aql.ts` of a public repository,
  checked there cell by cell against the printed pages 15-17 (SHA-256 of the scan 7a336944...);
  arrows followed, all 26 AQLs.
- `EGTOOLS`: EGTools/EGToolsPP, FxEgQC.cpp, "ISO 2859-1:1999": cells as printed, all 26 AQLs; the
  tightened table without its row S.
- `AQLSCHEMES`: R package AQLSchemes (fjgonzalezmgt/AQLSchemesCust, R/AAZ14Single.R), MIL-STD-105E
  and ANSI/ASQ Z1.4: normal and tightened, all 26 AQLs, arrows followed. Its reduced table is that
  of 105E, with a gap between Ac and Re, so another table than ISO's.
- `TO_6_5`: an AQL calculator in TypeScript ("ISO 2859-1, Tables 3 and 4"): tightened and reduced,
  AQL 0.010 to 6.5. It says where an arrow stands but not which way it points (here `.3`); it has no
  row S, and gives Q and R at AQL 0.025 the plan of P instead.
"""

from __future__ import annotations

import re

LETTERS = "ABCDEFGHJKLMNPQR"

GB_T = {
    "normal": """
        Q>A:0 C:1 B:1 A:1,2,3,5,7,10,14,21,30
        Q>A:0 C:1 B:1,2,3,5,7,10,14,21,30,44
        Q>B:0 D:1 C:1,2,3,5,7,10,14,21,30,44 B:44
        Q>C:0 E:1 D:1,2,3,5,7,10,14,21,30,44 C>B:44
        Q>D:0 F:1 E:1,2,3,5,7,10,14,21,30,44 D>B:44
        Q>E:0 G:1 F:1,2,3,5,7,10,14,21 E:21,30,44 D>B:44
        Q>F:0 H:1 G:1,2,3,5,7,10,14,21 F>E:21 E:30,44 D>B:44
        Q>G:0 J:1 H:1,2,3,5,7,10,14,21 G>E:21 E:30,44 D>B:44
        Q>H:0 K:1 J:1,2,3,5,7,10,14,21 H>E:21 E:30,44 D>B:44
        Q>J:0 L:1 K:1,2,3,5,7,10,14,21 J>E:21 E:30,44 D>B:44
        Q>K:0 M:1 L:1,2,3,5,7,10,14,21 K>E:21 E:30,44 D>B:44
        Q>L:0 N:1 M:1,2,3,5,7,10,14,21 L>E:21 E:30,44 D>B:44
        Q>M:0 P:1 N:1,2,3,5,7,10,14,21 M>E:21 E:30,44 D>B:44
        Q>N:0 Q:1 P:1,2,3,5,7,10,14,21 N>E:21 E:30,44 D>B:44
        Q>P:0 R:1 Q:1,2,3,5,7,10,14,21 P>E:21 E:30,44 D>B:44
        Q>P:0 R:1,2,3,5,7,10,14,21 Q>E:21 E:30,44 D>B:44""",
    "tightened": """
        R>A:0 C:1 B:1 A:1,2,3,5,8,12,18,27
        R>B:0 D:1 C:1 B:1,2,3,5,8,12,18,27,41
        R>C:0 E:1 D:1 C:1,2,3,5,8,12,18,27,41 B:41
        R>D:0 F:1 E:1 D:1,2,3,5,8,12,18,27,41 C>B:41
        R>E:0 G:1 F:1 E:1,2,3,5,8,12,18,27,41 D>B:41
        R>F:0 H:1 G:1 F:1,2,3,5,8,12,18 E:18,27,41 D>B:41
        R>G:0 J:1 H:1 G:1,2,3,5,8,12,18 F>E:18 E:27,41 D>B:41
        R>H:0 K:1 J:1 H:1,2,3,5,8,12,18 G>E:18 E:27,41 D>B:41
        R>J:0 L:1 K:1 J:1,2,3,5,8,12,18 H>E:18 E:27,41 D>B:41
        R>K:0 M:1 L:1 K:1,2,3,5,8,12,18 J>E:18 E:27,41 D>B:41
        R>L:0 N:1 M:1 L:1,2,3,5,8,12,18 K>E:18 E:27,41 D>B:41
        R>M:0 P:1 N:1 M:1,2,3,5,8,12,18 L>E:18 E:27,41 D>B:41
        R>N:0 Q:1 P:1 N:1,2,3,5,8,12,18 M>E:18 E:27,41 D>B:41
        R>P:0 R:1 Q:1 P:1,2,3,5,8,12,18 N>E:18 E:27,41 D>B:41
        R>Q:0 S:1 R:1 Q:1,2,3,5,8,12,18 P>E:18 E:27,41 D>B:41
        R>Q:0 S:1 R:1,2,3,5,8,12,18 Q>E:18 E:27,41 D>B:41""",
    "reduced": """
        Q>A:0 D:1 C:1 A:1,2,3,5,7,10,14,21,30
        Q>A:0 D:1 C:1 B:1,2,3,5,7,10,14,21,30
        Q>B:0 E:1 D:1 C:1,2,3,5,6,8,10,14,21 B:30
        Q>C:0 F:1 E:1 D:1,2,3,5,6,8,10,14,21 C:21 B:30
        Q>D:0 G:1 F:1 E:1,2,3,5,6,8,10,14,21 D>C:21 B:30
        Q>E:0 H:1 G:1 F:1,2,3,5,6,8,10 E:10,14,21 D>C:21 B:30
        Q>F:0 J:1 H:1 G:1,2,3,5,6,8,10 F>E:10 E:14,21 D>C:21 B:30
        Q>G:0 K:1 J:1 H:1,2,3,5,6,8,10 G>E:10 E:14,21 D>C:21 B:30
        Q>H:0 L:1 K:1 J:1,2,3,5,6,8,10 H>E:10 E:14,21 D>C:21 B:30
        Q>J:0 M:1 L:1 K:1,2,3,5,6,8,10 J>E:10 E:14,21 D>C:21 B:30
        Q>K:0 N:1 M:1 L:1,2,3,5,6,8,10 K>E:10 E:14,21 D>C:21 B:30
        Q>L:0 P:1 N:1 M:1,2,3,5,6,8,10 L>E:10 E:14,21 D>C:21 B:30
        Q>M:0 Q:1 P:1 N:1,2,3,5,6,8,10 M>E:10 E:14,21 D>C:21 B:30
        Q>N:0 R:1 Q:1 P:1,2,3,5,6,8,10 N>E:10 E:14,21 D>C:21 B:30
        Q>N:0 R:1 Q:1,2,3,5,6,8,10 P>E:10 E:14,21 D>C:21 B:30
        Q>N:0 R:1,2,3,5,6,8,10 Q>E:10 E:14,21 D>C:21 B:30""",
}

EGTOOLS = {
    "tightened": """
        v18 1 2 3 5 8 12 18 27
        v14 0 v2 1 2 3 5 8 12 18 27 41
        v13 0 v2 1 2 3 5 8 12 18 27 41 ^1
        v12 0 v2 1 2 3 5 8 12 18 27 41 ^2
        v11 0 v2 1 2 3 5 8 12 18 27 41 ^3
        v10 0 v2 1 2 3 5 8 12 18 ^6
        v9 0 v2 1 2 3 5 8 12 18 ^7
        v8 0 v2 1 2 3 5 8 12 18 ^8
        v7 0 v2 1 2 3 5 8 12 18 ^9
        v6 0 v2 1 2 3 5 8 12 18 ^10
        v5 0 v2 1 2 3 5 8 12 18 ^11
        v4 0 v2 1 2 3 5 8 12 18 ^12
        v3 0 v2 1 2 3 5 8 12 18 ^13
        v2 0 v2 1 2 3 5 8 12 18 ^14
        v1 0 v2 1 2 3 5 8 12 18 ^15
        0 ^1 v1 1 2 3 5 8 12 18 ^16""",
    "normal": """
        v14 0 v2 1 2 3 5 7 10 14 21 30
        v13 0 ^1 v1 1 2 3 5 7 10 14 21 30 44
        v12 0 ^1 v1 1 2 3 5 7 10 14 21 30 44 ^1
        v11 0 ^1 v1 1 2 3 5 7 10 14 21 30 44 ^2
        v10 0 ^1 v1 1 2 3 5 7 10 14 21 30 44 ^3
        v9 0 ^1 v1 1 2 3 5 7 10 14 21 ^6
        v8 0 ^1 v1 1 2 3 5 7 10 14 21 ^7
        v7 0 ^1 v1 1 2 3 5 7 10 14 21 ^8
        v6 0 ^1 v1 1 2 3 5 7 10 14 21 ^9
        v5 0 ^1 v1 1 2 3 5 7 10 14 21 ^10
        v4 0 ^1 v1 1 2 3 5 7 10 14 21 ^11
        v3 0 ^1 v1 1 2 3 5 7 10 14 21 ^12
        v2 0 ^1 v1 1 2 3 5 7 10 14 21 ^13
        v1 0 ^1 v1 1 2 3 5 7 10 14 21 ^14
        0 ^1 v1 1 2 3 5 7 10 14 21 ^15
        ^2 1 2 3 5 7 10 14 21 ^16""",
    "reduced": """
        v14 0 v2 1 2 3 5 7 10 14 21 30
        v13 0 ^1 v2 1 2 3 5 7 10 14 21 30
        v12 0 ^1 v2 1 2 3 4 6 8 10 14 21 ^1
        v11 0 ^1 v2 1 2 3 4 6 8 10 14 21 ^2
        v10 0 ^1 v2 1 2 3 4 6 8 10 14 21 ^3
        v9 0 ^1 v2 1 2 3 4 6 8 10 ^6
        v8 0 ^1 v2 1 2 3 4 6 8 10 ^7
        v7 0 ^1 v2 1 2 3 4 6 8 10 ^8
        v6 0 ^1 v2 1 2 3 4 6 8 10 ^9
        v5 0 ^1 v2 1 2 3 4 6 8 10 ^10
        v4 0 ^1 v2 1 2 3 4 6 8 10 ^11
        v3 0 ^1 v2 1 2 3 4 6 8 10 ^12
        v2 0 ^1 v2 1 2 3 4 6 8 10 ^13
        v1 0 ^1 v2 1 2 3 4 6 8 10 ^14
        0 ^2 v1 1 2 3 4 6 8 10 ^15
        ^3 1 2 3 4 6 8 10 ^16""",
}

# Rows of sample sizes, then the acceptance numbers by AQL column, from A to R.
AQLSCHEMES_N = {
    "normal": """
        Q>A C B A*9|Q>A C B*10|Q>B D C*10 B|Q>C E D*10 C B|Q>D F E*10 D C B
        Q>E G F*8 E*3 D C B|Q>F H G*8 F E*3 D C B|Q>G J H*8 G F E*3 D C B
        Q>H K J*8 H G F E*3 D C B|Q>J L K*8 J H G F E*3 D C B|Q>K M L*8 K>F E*3 D C B
        Q>L N M*8 L>F E*3 D C B|Q>M P N*8 M>F E*3 D C B|Q>N Q P*8 N>F E*3 D C B
        Q P R Q*8 P>F E*3 D C B|Q P R*8 Q>F E*3 D C B""",
    "tightened": """
        R>B D C B A*8|R>B D C B*9|R>C E D C*9 B|R>D F E D*9 C B|R>E G F E*9 D C B
        R>F H G F*7 E*3 D C B|R>G J H G*7 F E*3 D C B|R>H K J H*7 G F E*3 D C B
        R>J L K J*7 H G F E*3 D C B|R>K M L K*7 J H G F E*3 D C B|R>L N M L*7 K>F E*3 D C B
        R>M P N M*7 L>F E*3 D C B|R>N Q P N*7 M>F E*3 D C B|R>P R Q P*7 N>F E*3 D C B
        R Q S R Q*7 P>F E*3 D C B|R Q S R*7 Q>F E*3 D C B""",
}
AQLSCHEMES_AC = {
    "normal": """
        0*16|0*16|0*14 1 1|0*13 1 1 2|0*12 1 1 2 3|0*11 1 1 2 3 5|0*10 1 1 2 3 5 7
        0*9 1 1 2 3 5 7 10|0*8 1 1 2 3 5 7 10 14|0*7 1 1 2 3 5 7 10 14 21
        0*6 1 1 2 3 5 7 10 14 21*2|0*5 1 1 2 3 5 7 10 14 21*3|0*4 1 1 2 3 5 7 10 14 21*4
        0*3 1 1 2 3 5 7 10 14 21*5|0 0 1 1 2 3 5 7 10 14 21*6|1 1 1 2 3 5 7 10 14 21*7
        1 1 2 3 5 7 10 14 21*8|1 2 3 5 7 10 14 21*9|2 3 5 7 10 14 21*10|3 5 7 10 14 21*11
        5 7 10 14 21*12|7 10 14 21 30*12|10 14 21 30 44*12|14 21 30 44*13|21 30 44*14|30 44*15""",
    "tightened": """
        0*16|0*16|0*14 1 1|0*13 1 1 1|0*12 1 1 1 2|0*11 1 1 1 2 3|0*10 1 1 1 2 3 5
        0*9 1 1 1 2 3 5 8|0*8 1 1 1 2 3 5 8 12|0*7 1 1 1 2 3 5 8 12 18
        0*6 1 1 1 2 3 5 8 12 18*2|0*5 1 1 1 2 3 5 8 12 18*3|0*4 1 1 1 2 3 5 8 12 18*4
        0*3 1 1 1 2 3 5 8 12 18*5|0 0 1 1 1 2 3 5 8 12 18*6|1 1 1 1 2 3 5 8 12 18*7
        1 1 1 2 3 5 8 12 18*8|1 1 2 3 5 8 12 18*9|1 2 3 5 8 12 18*10|2 3 5 8 12 18*11
        3 5 8 12 18*12|5 8 12 18 27*12|8 12 18 27 41*12|12 18 27 41*13|18 27 41*14|27 41*15""",
}

TO_6_5 = {
    "tightened": """
        .15|.14 0|.13 0 .1|.12 0 .2|.11 0 .2 1|.10 0 .2 1 2|.9 0 .2 1 2 3|.8 0 .2 1 2 3 5
        .7 0 .2 1 2 3 5 8|.6 0 .2 1 2 3 5 8 12|.5 0 .2 1 2 3 5 8 12 18
        .4 0 .2 1 2 3 5 8 12 18 .1|.3 0 .2 1 2 3 5 8 12 18 .2|.2 0 .2 1 2 3 5 8 12 18 .3
        .1 0 .2 1 2 3 5 8 12 18 .4|0 .2 1 2 3 5 8 12 18 .5""",
    "reduced": """
        .14 0|.13 0 .1|.12 0 .1 .1|.11 0 .1 .2|.10 0 .1 .2 1|.9 0 .1 .2 1 2|.8 0 .1 .2 1 2 3
        .7 0 .1 .2 1 2 3 5|.6 0 .1 .2 1 2 3 5 6|.5 0 .1 .2 1 2 3 5 6 8|.4 0 .1 .2 1 2 3 5 6 8 10
        .3 0 .1 .2 1 2 3 5 6 8 10 .1|.2 0 .1 .2 1 2 3 5 6 8 10 .2|.1 0 .1 .2 1 2 3 5 6 8 10 .3
        0 .2 .1 1 2 3 5 6 8 10 .4|.3 1 2 3 5 6 8 10 .5""",
}

Cell = tuple[str, int]
Published = dict[tuple[str, str, int], Cell]


def rows(text: str) -> list[list[str]]:
    """The rows of a text, split at line ends and bars, as tokens."""
    return [line.split() for line in re.split(r"[\n|]", text.strip()) if line.strip()]


def run(first: str, last: str) -> list[str]:
    """The letters from a later one to an earlier one."""
    order = LETTERS + "S"
    return list(order[order.index(last) : order.index(first) + 1][::-1])


def followed() -> Published:
    """GB_T: (severity, letter, column) → letter and Ac of the plan to use."""
    found: Published = {}
    for severity, text in GB_T.items():
        for letter, tokens in zip(LETTERS, rows(text), strict=True):
            cells: list[Cell] = []
            for token in tokens:
                where, numbers = token.split(":")
                first, _, last = where.partition(">")
                cells += [
                    (a, int(n)) for a in run(first, last or first) for n in numbers.split(",")
                ]
            assert len(cells) == 26, (severity, letter, len(cells))
            found |= {(severity, letter, j): cell for j, cell in enumerate(cells)}
    return found


def schemes() -> Published:
    """AQLSCHEMES, in the form of `followed`."""
    found: Published = {}
    for severity, text in AQLSCHEMES_N.items():
        columns = [repeated(tokens) for tokens in rows(AQLSCHEMES_AC[severity])]
        assert len(columns) == 26
        assert {len(column) for column in columns} == {16}
        for i, (letter, tokens) in enumerate(zip(LETTERS, rows(text), strict=True)):
            sizes = repeated(tokens)
            assert len(sizes) == 26, (severity, letter, len(sizes))
            for j, size in enumerate(sizes):
                found[severity, letter, j] = (size, int(columns[j][i]))
    return found


def repeated(tokens: list[str]) -> list[str]:
    """The tokens with `x*3` written out three times and `Q>A` as its letters."""
    found: list[str] = []
    for token in tokens:
        what, _, times = token.partition("*")
        first, _, last = what.partition(">")
        found += (run(first, last) if last else [what]) * int(times or 1)
    return found


def printed(source: dict[str, str]) -> dict[tuple[str, str, int], str]:
    """EGTOOLS or TO_6_5: (severity, letter, column) → "v", "^", "." or the Ac, as printed."""
    found = {}
    for severity, text in source.items():
        for letter, tokens in zip(LETTERS, rows(text), strict=True):
            cells: list[str] = []
            for token in tokens:
                cells += [token[0]] * int(token[1:]) if token[0] in "v^." else [token]
            found |= {(severity, letter, j): cell for j, cell in enumerate(cells)}
    return found
