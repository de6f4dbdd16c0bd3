"""The readable part of a person's copy: what is kept, and how much of each record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled

FONT = Path(__file__).with_name("fonts") / "NotoSansSC-Regular.ttf"
ROWS_MAX = 400  # the PDF is for reading; JSON and CSV hold every row


def render(
    compiled: Compiled,
    profile: Sequence[Mapping[str, str]],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    made_at: datetime,
) -> bytes:
    """Render the summary as a PDF with the font embedded."""
    from fpdf import FPDF  # loaded when a copy is asked for, to keep the doors small at rest

    pdf = FPDF()
    pdf.set_title("我的个人信息副本")
    pdf.add_page()
    pdf.add_font("noto", "", FONT)
    # The font's own boxes are right: measuring every glyph anew takes half of the rendering.
    pdf.fonts["noto"].ttfont.recalcBBoxes = False  # type: ignore[union-attr]
    pdf.set_font("noto", size=18)
    pdf.cell(0, 12, "我的个人信息副本", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("noto", size=9)
    pdf.multi_cell(
        0,
        6,
        f"生成于 {made_at:%Y-%m-%d %H:%M}（北京时间），隐私政策版本 {compiled.version}。"
        "敏感内容已遮挡，明文可在“我的 › 个人信息”里验证后查看。",
        new_x="LMARGIN",
        new_y="NEXT",
    )
    _section(pdf, "个人信息", [(row["项目"], row["内容"]) for row in profile] or [("暂无", "")])
    about = {table.name: table.about for table in policy.tables()}
    counts = [(about.get(name, name), f"{len(rows)} 条") for name, rows in sorted(tables.items())]
    _section(pdf, "各类记录（全部内容见同包的 JSON 和 CSV）", counts)
    return bytes(pdf.output())


def _section(pdf: Any, title: str, rows: Sequence[tuple[str, str]]) -> None:
    pdf.ln(4)
    pdf.set_font("noto", size=12)
    pdf.cell(0, 9, title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("noto", size=10)
    for name, value in rows[:ROWS_MAX]:
        pdf.cell(75, 7, name[:30])
        pdf.multi_cell(0, 7, value[:300], new_x="LMARGIN", new_y="NEXT")
