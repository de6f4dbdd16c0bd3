"""Sample data for the gallery page: invented people, figures and grants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template import Library

register = Library()


class SampleForm(forms.Form):
    """One field of every shape the field part draws."""

    amount = forms.CharField(
        label="借多少",
        help_text="可借 1,000 到 50,000 元",
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "transaction-amount"}
        ),
    )
    months = forms.ChoiceField(
        label="借多久",
        help_text="借得越久，总利息越多",
        widget=forms.RadioSelect,
        choices=[("3", "3 个月"), ("6", "6 个月"), ("12", "12 个月"), ("24", "24 个月")],
    )
    use = forms.ChoiceField(label="用来做什么", choices=[("daily", "日常消费"), ("repair", "装修")])
    remark = forms.CharField(
        label="还有什么要说的", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    password = forms.CharField(
        label="登录密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    read = forms.BooleanField(label="我已读完风险说明", help_text="共 3 条，约 1 分钟")


def wrong_form() -> SampleForm:
    """Return a bound form with three errors."""
    form = SampleForm(
        {"amount": "99", "use": "daily", "password": "x", "read": "on"}, auto_id="wrong_%s"
    )
    form.add_error("amount", "金额需在 1,000 元到 50,000 元之间")
    form.errors["months"] = form.error_class(["请选择借多久"])
    form.add_error("password", "密码至少 8 位")
    return form


SHEET = {
    "id": "credit",
    "ask": "查询个人征信",
    "agree": "同意查询",
    "action": "/consent/credit/",
    "next": "/",
    "later": "/",
    "lead": "这笔借款由「星诺消费金融」审批。审批前需要查询一次你的征信报告。",
    "what": "姓名、身份证号、征信报告",
    "why": "判断能否借、能借多少。不作他用",
    "who": "星诺消费金融、中国人民银行征信中心",
    "how_long": "本次查询 1 次；结果存至结清后 5 年",
    "if_refused": "这笔借款无法审批，其他功能不受影响",
    "optional": [
        {"name": "limit-news", "title": "额度有变化时通知我", "sub": "使用手机号，可随时关闭"}
    ],
    "text_url": "/policy/",
    "text_title": "《征信查询授权书》",
    "minutes": 2,
}
PANEL = {
    "kind": "camera",
    "icon": "camera",
    "ask": "使用相机",
    "lead": "你正在扫一扫，需要打开相机看二维码。",
    "what": "识别这一个二维码",
    "taken": "画面只在手机里看，不上传",
    "if_refused": "不能扫码，其他功能不受影响",
    "otherwise": "从相册选图，或手动输入编号",
    "action": "/permissions/camera/",
}
LOG = [
    {
        "time": "今天 09:42",
        "title": "核对身份证",
        "sub": "开通零钱卡，星诺支付使用姓名、证件号",
        "mark": "a91f07",
        "word": "已授权",
        "tone": "good",
        "href": "/log/1/",
    },
    {
        "time": "11-20 18:05",
        "title": "查询征信被拒绝",
        "sub": "没有你的授权，没有查询",
        "mark": "c07e5b",
        "word": "已拦下",
        "tone": "warn",
    },
    {
        "time": "11-03 10:11",
        "title": "客服查看手机号",
        "sub": "工单 1071，查看 5 分钟后自动遮挡",
        "mark": "5be2d4",
    },
]
FACTS = [
    {"label": "零钱卡", "fen": 182045, "href": "/wallet/"},
    {"label": "理财", "fen": 3500000},
    {"label": "昨日收益", "fen": 213, "sign": True},
]
DIFF = [
    ("equal", "我们保存交易记录"),
    ("delete", "不少于五年"),
    ("insert", "至业务结束后十年"),
    ("equal", "。期满后删除。"),
]
TOC = [
    {"href": "#s1", "title": "我们收集什么", "children": [{"href": "#s11", "title": "开户时"}]},
    {"href": "#s2", "title": "我们给谁"},
]
PAIRS = [
    {"label": "姓名", "masked": "王**", "href": "/reveal/name/"},
    {"label": "手机号", "masked": "138****2210", "href": "/reveal/phone/"},
    {"label": "保存到", "value": "业务结束后 5 年", "sub": "反洗钱法要求"},
]


@register.simple_tag
def gallery_samples() -> dict[str, Any]:
    """Return everything the gallery shows."""
    return {
        "form": SampleForm(initial={"amount": "20000", "months": "12"}),
        "wrong": wrong_form(),
        "sheet": SHEET,
        "panel": PANEL,
        "log": LOG,
        "facts": FACTS,
        "diff": DIFF,
        "toc": TOC,
        "pairs": PAIRS,
        "steps": ["填写", "授权", "核对", "完成"],
        "totals": [
            ("年化利率（单利）", "7.20%"),
            ("总利息", "1,534.38 元"),
            ("合计还款", "21,534.38 元"),
        ],
        "tabs": [
            ("open", "进行中 2", "?tab=open"),
            ("done", "已办结", "?tab=done"),
            ("all", "全部", "?tab=all"),
        ],
        "themes": [("auto", "跟随手机"), ("light", "浅色"), ("dark", "深色")],
        "modes": [("standard", "标准"), ("elder", "长辈版"), ("elder-xl", "特大")],
        "bars": [0, 1, 0, 0, 2, 0, 0, 1, 0, 3, 0, 0, 1, 0],
        "extra": {"purpose": "news"},
        "error": [("id_amount", "金额需在 1,000 元到 50,000 元之间")],
    }
