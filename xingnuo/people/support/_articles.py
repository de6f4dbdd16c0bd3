"""The help centre as data: short answers by topic, found by words; nobody's search is kept."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xingnuo.kit.errors import NotFound
from xingnuo.people.support.contracts import Article

QUERY_CHARS_MAX = 40
FOUND_MAX = 10

_ALL = (
    Article(
        id="what-is-xingnuo",
        topic="product",
        title="星诺是做什么的",
        answer=(
            "星诺把借款、支付、理财和保险放在一处，每一项由页面上写明的公司提供。",
            "不登录也能看介绍和隐私政策。",
        ),
        words=("介绍", "功能", "公司"),
    ),
    Article(
        id="elder-mode",
        topic="product",
        title="字太小，怎样放大",
        answer=("点首页左上角的“长辈版”，字和按钮都会变大。", "再点一次“标准版”就变回来。"),
        words=("长辈", "老人", "大字", "看不清"),
    ),
    Article(
        id="read-policy",
        topic="policy",
        title="隐私政策在哪里看",
        answer=("打开“我的 › 设置 › 隐私政策”。", "每一版都能看，也能比较两版改了什么、下载保存。"),
        words=("条款", "版本", "下载"),
    ),
    Article(
        id="refuse-consent",
        topic="policy",
        title="不同意某一项授权会怎样",
        answer=(
            "只有用到那一项的功能不能用，其他不变。",
            "在“我的 › 设置 › 隐私设置 › 授权管理”里可以随时改。",
        ),
        words=("拒绝", "撤回", "授权"),
    ),
    Article(
        id="cannot-sign-in",
        topic="account",
        title="登录不了怎么办",
        answer=(
            "先确认网络正常，再从首页点“登录”，用星号帐号登录。",
            "换了手机号的，请先在星号帐号里更换。",
        ),
        words=("登陆", "密码", "进不去", "换号"),
    ),
    Article(
        id="account-misused",
        topic="account",
        title="帐号可能被别人用了",
        answer=(
            "马上打开“我的 › 帐号与安全 › 帐号被冒用”，一步冻结。",
            "冻结后再联系我们，我们一起核对。",
        ),
        words=("盗号", "冒用", "诈骗", "冻结"),
    ),
    Article(
        id="close-account",
        topic="account",
        title="怎样注销帐号",
        answer=(
            "打开“我的 › 设置 › 隐私设置 › 注销”，按提示办，15 天内办完。",
            "有没办完的业务时，页面会写明先办什么。",
        ),
        words=("销户", "删除帐号"),
    ),
    Article(
        id="see-my-data",
        topic="personal_data",
        title="怎样看你们有我的哪些信息",
        answer=(
            "打开“我的 › 设置 › 隐私设置 › 个人信息收集清单”。",
            "“谁看过我的信息”里有每一次查看。",
        ),
        words=("清单", "收集", "谁看过"),
    ),
    Article(
        id="correct-data",
        topic="personal_data",
        title="信息写错了怎样改",
        answer=("打开“我的 › 个人信息”，点要改的那一项。", "实名信息要改的，更新证件后自动更新。"),
        words=("更正", "修改", "姓名"),
    ),
    Article(
        id="download-data",
        topic="personal_data",
        title="怎样下载我的信息",
        answer=("打开“我的 › 设置 › 隐私设置 › 下载我的信息”，马上生成。",),
        words=("副本", "导出", "复制"),
    ),
    Article(
        id="unknown-transaction",
        topic="payments",
        title="有一笔交易不是我做的",
        answer=(
            "先在“我的 › 帐号与安全”冻结帐号，再选“交易和账单”提问。",
            "如果已经被骗，请马上拨打 110 或 96110。",
        ),
        words=("盗刷", "被骗", "扣款"),
    ),
    Article(
        id="refund",
        topic="payments",
        title="退款什么时候到",
        answer=("退款按原路退回，一般 1 到 5 个工作日到账。", "超过的，请选“交易和账单”提问。"),
        words=("退钱", "到账"),
    ),
    Article(
        id="how-to-complain",
        topic="service_complaint",
        title="怎样投诉，多久有答复",
        answer=(
            "在“投诉与咨询”里选“我要投诉”，写下经过就行。",
            "15 个工作日内答复；金融消费纠纷 15 天内。页面上写着最晚哪天。",
            "投诉不影响你继续使用任何功能。",
        ),
        words=("举报", "不满意", "时限"),
    ),
    Article(
        id="other-bodies",
        topic="finance_complaint",
        title="还可以找谁",
        answer=(
            "中国人民银行金融消费者权益保护：12363。国家金融监督管理总局：12378。",
            "也可以向网信、工信、公安、市场监管部门投诉举报，或向法院起诉。",
        ),
        words=("监管", "起诉", "法院", "12363", "12378"),
    ),
    Article(
        id="credit-wrong",
        topic="credit_objection",
        title="征信记录有错怎么办",
        answer=(
            "选“征信记录有错”提出异议，写明哪一条、为什么错。",
            "20 天内核查并书面答复；核查期间会标注“异议”。",
        ),
        words=("信用报告", "异议", "逾期"),
    ),
    Article(
        id="data-misused",
        topic="privacy_report",
        title="怀疑信息被滥用，怎样举报",
        answer=("选“个人信息被滥用”，写下时间和经过。", "不用写证件号；15 个工作日内答复。"),
        words=("泄露", "骚扰", "举报"),
    ),
    Article(
        id="written-request",
        topic="rights",
        title="怎样书面提出请求，能请人代办吗",
        answer=(
            "能自己在页面上办的，马上生效，不用书面。",
            "要书面提出的，选“查询、更正、删除等书面请求”，先验证是你本人。",
            "替别人办的，请上传对方签字的授权书照片，我们审核后办理。",
        ),
        words=("代理", "委托", "授权书", "书面"),
    ),
)
ARTICLES: Mapping[str, Article] = MappingProxyType({one.id: one for one in _ALL})


def article(article_id: str) -> Article:
    """Give an article; raises `NotFound`."""
    try:
        return ARTICLES[article_id]
    except KeyError:
        raise NotFound("article") from None


def search(query: str) -> tuple[Article, ...]:
    """Find articles by words, the best first; the words are used here and kept nowhere."""
    wanted = query.strip().lower()[:QUERY_CHARS_MAX]
    if not wanted:
        return ()
    ranked = [(-_score(one, wanted), place, one) for place, one in enumerate(ARTICLES.values())]
    return tuple(one for score, _, one in sorted(ranked, key=lambda r: r[:2]) if score)[:FOUND_MAX]


def _score(one: Article, wanted: str) -> int:
    text = "".join(one.answer).lower()
    title = one.title.lower()
    score = 8 * (wanted in title) + 4 * (wanted in text)
    score += 6 * any(word.lower() in wanted or wanted in word.lower() for word in one.words)
    # Chinese has no spaces: shared pairs of characters stand for shared words.
    pairs = {wanted[place : place + 2] for place in range(len(wanted) - 1)}
    return score + sum((pair in title) * 2 + (pair in text) for pair in pairs)
