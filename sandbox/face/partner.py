"""The face service's addresses, its sample pictures, and the page that shows them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from sandbox.face import pictures
from sandbox.ground import pages, residents, telling
from sandbox.ground.desk import HOOK_FAULTS, RESULT, Desk
from sandbox.ground.html import el
from sandbox.ground.http import Problem, Request, Response, Route, json_response
from sandbox.ground.partner import Partner, World

IMAGE_BYTES_MAX = 2 * 1024 * 1024
BODY_BYTES_MAX = 3 * 1024 * 1024
LATER_SECONDS = 2.0
HASH = re.compile(r"[0-9a-f]{64}")
SAMPLES = {name.replace("_", "-"): name for name in pictures.COLOURS}

SCHEMA = """
CREATE TABLE IF NOT EXISTS face_picture (
    sha256 TEXT PRIMARY KEY, outcome TEXT NOT NULL
) WITHOUT ROWID;
"""


def decide(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Look at the picture, and at whether there is one of this person to compare with."""
    try:
        content = base64.b64decode(asked["image"], validate=True)
    except ValueError:
        raise Problem(422, "image_malformed", "图片不是 base64。") from None
    if not 0 < len(content) <= IMAGE_BYTES_MAX:
        raise Problem(422, "image_malformed", "图片是空的或太大。")
    holder = residents.find(world, asked["document_number"])
    if holder is None or holder["name"] != asked["name"]:
        return {"outcome": "no_reference"}
    known = world.store.row(
        "SELECT outcome FROM face_picture WHERE sha256 = ?", pictures.hash_of(content)
    )
    found = known["outcome"] if known else pictures.outcome_of(content)
    told = {"outcome": "match" if found == "pending" else found}
    told["liveness"] = pictures.LIVENESS[found]
    return {**told, "seconds": LATER_SECONDS} if found == "pending" else told


DESK = Desk(
    service="face",
    fields={"name": 200, "document_number": 30, "image": BODY_BYTES_MAX},
    decide=decide,
    contrary={"match": "no_match", "no_match": "match", "not_live": "match"},
    word="outcome",
    hook="/hooks/face/result",
)


def sample(world: World, request: Request) -> Response:
    """Give a sample picture."""
    name = SAMPLES.get(request.params["file"].removesuffix(".png"))
    if name is None:
        raise Problem(404, "not_found", "没有这张图片。")
    return Response(body=pictures.sample(name), content_type="image/png")


def samples(world: World, request: Request) -> Response:
    """Show the sample pictures to save and use."""
    lines = [
        el("a", el("img", src=f"/face/samples/{file}.png", alt="", width="96", height="128"),
           el("span", file), href=f"/face/samples/{file}.png", class_="line")
        for file in SAMPLES
    ]  # fmt: skip
    return pages.page(
        "测试用的图片",
        pages.card(el("p", "图片的颜色决定结果，转存或压缩都不影响。"), pages.rows(lines, empty="")),
        brand="人脸核验", back=("/", "沙盒"),
    )  # fmt: skip


def make(world: World, request: Request) -> Response:
    """Register what a picture shall mean, by its hash."""
    told = request.json()
    sha256, outcome = told.get("sha256"), told.get("outcome")
    good = isinstance(sha256, str) and HASH.fullmatch(sha256) and outcome in pictures.COLOURS
    if not good or len(told) != 2:
        raise Problem(
            422, "fields_wrong", f"需要 sha256 和 outcome：{'、'.join(pictures.COLOURS)}。"
        )
    world.store.run(
        "INSERT OR REPLACE INTO face_picture (sha256, outcome) VALUES (?, ?)", sha256, outcome
    )
    return json_response({"sha256": sha256, "outcome": outcome}, status=201)


PARTNER = Partner(
    id="face",
    title="人脸核验",
    summary="看是不是活人、是不是证件本人；只回结果，不留图片。",
    schema=SCHEMA,
    links=(("/face/samples", "测试用的图片"),),
    start=telling.start,
    books=DESK.books,
    routes=(
        Route(method="POST", pattern="/face/compare", handler=DESK.ask, operation="compare",
              faults=HOOK_FAULTS, body_bytes_max=BODY_BYTES_MAX),
        Route(method="GET", pattern="/face/status/<key>", handler=DESK.status,
              operation="status", faults=frozenset({"bad_signature"})),
        Route(method="GET", pattern="/face/samples", handler=samples, page=True),
        Route(method="GET", pattern="/face/samples/<file>", handler=sample),
        Route(method="POST", pattern="/face/test/images", handler=make),
    ),
    outgoing={RESULT: telling.FAULTS},
)  # fmt: skip
