"""The three channels' addresses, and what tests ask of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sandbox.channel import alipay, bills, books, keys, notices, unionpay, wechat
from sandbox.ground.faults import Fault
from sandbox.ground.http import Problem, Request, Response, Route, json_response
from sandbox.ground.partner import Partner, World

TIMES_MAX = 50
PAY = frozenset("bad_signature decline late silence early wrong_amount".split())
ASK = frozenset("bad_signature lag wrong_amount".split())
REFUND = frozenset("bad_signature decline late silence wrong_amount".split())
CLOSE = frozenset({"bad_signature", "decline"})


def again(world: World, request: Request) -> Response:
    """Tell a notice again, so many times at once and spoiled as a test asks for."""
    told = request.json()
    style, number = str(told.get("style")), str(told.get("number", ""))
    times, spoil = told.get("times", 1), str(told.get("fault", "ok"))
    good = style in keys.STYLES and type(times) is int and 0 < times <= TIMES_MAX
    if not good or spoil not in notices.FAULTS | {"ok"}:
        raise Problem(422, "fields_wrong", "需要 style、number，可选 times、fault。")
    kind = "pay" if books.order(world, style, number) else "refund"
    if kind == "refund" and books.refunded(world, style, number) is None:
        raise Problem(404, "number_unknown", "没有这个单号。")
    name = notices.again(world, style, kind, number, times=times, fault=Fault(spoil))
    return json_response({"id": name}, status=201)


def fill(world: World, request: Request) -> Response:
    """Make a large file for a day."""
    told = request.json()
    if type(told.get("lines")) is not int:
        raise Problem(422, "fields_wrong", "需要 style、day、lines。")
    digest = bills.fill(world, str(told.get("style")), str(told.get("day")), told["lines"])
    return json_response({"sha256": digest}, status=201)


def _gateway(path: str, operation: str, faults: frozenset[str], handler: object,
             when: Callable[[Request], bool]) -> Route:  # fmt: skip
    assert callable(handler), "a handler"
    return Route(method="POST", pattern=path, handler=handler, operation=operation, faults=faults,
                 when=when)  # fmt: skip


_OPERATIONS = {
    "pay": PAY, "query": ASK, "close": CLOSE, "refund": REFUND, "query_refund": ASK,
    "bill": bills.FAULTS,
}  # fmt: skip
_ALIPAY = (
    *(
        _gateway("/channel/alipay/gateway.do", name, faults, alipay.handler(name),
                 alipay.is_asked(name))
        for name, faults in _OPERATIONS.items()
    ),
    Route(method="GET", pattern="/channel/alipay/bill/<token>", handler=bills.give,
          operation="file"),
    Route(method="POST", pattern="/channel/enrol", handler=keys.enrol),
    Route(method="POST", pattern="/channel/test/notices", handler=again),
    Route(method="POST", pattern="/channel/test/bills", handler=fill),
)  # fmt: skip
_ORDER = "/channel/wechat/v3/pay/transactions/out-trade-no/<number>"
_REFUNDS = "/channel/wechat/v3/refund/domestic/refunds"
_WECHAT = (
    Route(method="POST", pattern="/channel/wechat/v3/pay/transactions/codepay", handler=wechat.pay,
          operation="pay", faults=PAY),
    Route(method="GET", pattern=_ORDER, handler=wechat.query, operation="query", faults=ASK),
    Route(method="POST", pattern=f"{_ORDER}/close", handler=wechat.close, operation="close",
          faults=CLOSE),
    Route(method="POST", pattern=_REFUNDS, handler=wechat.refund, operation="refund",
          faults=REFUND),
    Route(method="GET", pattern=f"{_REFUNDS}/<number>", handler=wechat.query_refund,
          operation="query_refund", faults=ASK),
    Route(method="GET", pattern="/channel/wechat/v3/bill/tradebill", handler=wechat.bill,
          operation="bill", faults=bills.FAULTS),
    Route(method="GET", pattern="/channel/wechat/bill/<token>", handler=wechat.file,
          operation="file"),
)  # fmt: skip
_BACK = "/channel/unionpay/gateway/api/backTransReq.do"
_UNIONPAY = (
    _gateway(_BACK, "pay", PAY, unionpay.handler(unionpay.pay), unionpay.is_asked("01")),
    _gateway(_BACK, "refund", REFUND, unionpay.handler(unionpay.refund), unionpay.is_asked("04")),
    Route(method="POST", pattern="/channel/unionpay/gateway/api/queryTrans.do",
          handler=unionpay.handler(unionpay.query), operation="query", faults=ASK),
    Route(method="POST", pattern="/channel/unionpay/gateway/api/fileTransfer.do",
          handler=unionpay.handler(unionpay.bill), operation="bill", faults=bills.FAULTS),
    Route(method="GET", pattern="/channel/unionpay/bill/<token>", handler=bills.give,
          operation="file"),
)  # fmt: skip


def _start_alipay(world: World) -> None:
    bills.drop(world)
    books.start(world)
    notices.start(world, "alipay", alipay.write, alipay.took)


PARTNERS = (
    Partner(
        id="alipay",
        title="支付渠道（支付宝约定）",
        summary="RSA2 签名，一个网关；通知直到回复 success，账单是压缩的 GBK 表格。",
        schema=keys.SCHEMA + books.SCHEMA + bills.SCHEMA,
        start=_start_alipay,
        books=partial(books.told, style="alipay"),
        routes=_ALIPAY,
        outgoing={notices.NOTIFY: notices.FAULTS},
    ),
    Partner(
        id="wechat",
        title="支付渠道（微信支付 v3 约定）",
        summary="头部签名，资源加密；账单的每一项前有反引号，附文件校验值。",
        schema="",
        start=lambda world: notices.start(world, "wechat", wechat.write, wechat.took),
        books=partial(books.told, style="wechat"),
        routes=_WECHAT,
        outgoing={notices.NOTIFY: notices.FAULTS},
    ),
    Partner(
        id="unionpay",
        title="支付渠道（银联 5.1 约定）",
        summary="签名带证书，结果只凭通知或查询；对账文件是定长的。",
        schema=unionpay.SCHEMA,
        start=lambda world: notices.start(world, "unionpay", unionpay.write, unionpay.took),
        books=partial(books.told, style="unionpay"),
        routes=_UNIONPAY,
        outgoing={notices.NOTIFY: notices.FAULTS},
    ),
)
