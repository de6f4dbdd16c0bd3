"""The laws that may be cited, with their days in force, and the eleven exceptions."""

from __future__ import annotations

from datetime import date

from xingnuo.trust.policy.contracts import Basis, Law, LawfulException

LAWS: tuple[Law, ...] = (
    Law(id="PIPL", name="个人信息保护法", number="主席令第九十一号", from_day=date(2021, 11, 1)),
    Law(id="NDR", name="网络数据安全管理条例", number="国务院令第790号", from_day=date(2025, 1, 1)),
    Law(
        id="CSL16",
        name="网络安全法（2016 年）",
        number="主席令第五十三号",
        from_day=date(2017, 6, 1),
        until_day=date(2026, 1, 1),
        replaced_by="CSL",
    ),
    Law(
        id="CSL", name="网络安全法（2025 年修正）", number="2025 年修正", from_day=date(2026, 1, 1)
    ),
    Law(
        id="AML06",
        name="反洗钱法（2006 年）",
        number="主席令第五十六号",
        from_day=date(2007, 1, 1),
        until_day=date(2025, 1, 1),
        replaced_by="AML",
    ),
    Law(
        id="AML",
        name="反洗钱法（2024 年修订）",
        number="主席令第三十八号",
        from_day=date(2025, 1, 1),
    ),
    Law(
        id="CDD07",
        name="金融机构客户身份识别和客户身份资料及交易记录保存管理办法",
        number="令〔2007〕第2号",
        from_day=date(2007, 8, 1),
        until_day=date(2026, 1, 1),
        replaced_by="CDD",
    ),
    Law(
        id="CDD",
        name="金融机构客户尽职调查和客户身份资料及交易记录保存管理办法",
        number="令〔2025〕11号",
        from_day=date(2026, 1, 1),
    ),
    Law(
        id="LVT",
        name="金融机构大额交易和可疑交易报告管理办法",
        number="令〔2016〕3号",
        from_day=date(2017, 7, 1),
    ),
    Law(
        id="NFPS",
        name="非金融机构支付服务管理办法",
        number="令〔2010〕2号",
        from_day=date(2010, 9, 1),
        until_day=date(2024, 5, 1),
        replaced_by="NBP",
    ),
    Law(
        id="NBP",
        name="非银行支付机构监督管理条例",
        number="国务院令第768号",
        from_day=date(2024, 5, 1),
    ),
    Law(id="MOF79", name="会计档案管理办法", number="财政部令第79号", from_day=date(2016, 1, 1)),
    Law(id="CIR", name="征信业管理条例", number="国务院令第631号", from_day=date(2013, 3, 15)),
    Law(id="CBM", name="征信业务管理办法", number="令〔2021〕4号", from_day=date(2022, 1, 1)),
    Law(
        id="ATF", name="反电信网络诈骗法", number="主席令第一百一十九号", from_day=date(2022, 12, 1)
    ),
    Law(id="MIN", name="未成年人网络保护条例", number="国务院令第766号", from_day=date(2024, 1, 1)),
    Law(
        id="CHI",
        name="儿童个人信息网络保护规定",
        number="网信办令第4号",
        from_day=date(2019, 10, 1),
    ),
    Law(
        id="FACE",
        name="人脸识别技术应用安全管理办法",
        number="网信办公安部令第19号",
        from_day=date(2025, 6, 1),
    ),
    Law(
        id="ALG",
        name="互联网信息服务算法推荐管理规定",
        number="网信办令第9号",
        from_day=date(2022, 3, 1),
    ),
    Law(
        id="CPB",
        name="银行保险机构消费者权益保护管理办法",
        number="银保监会令2022年第9号",
        from_day=date(2023, 3, 1),
    ),
    Law(
        id="CFC",
        name="消费金融公司管理办法",
        number="金融监管总局令2024年第4号",
        from_day=date(2024, 4, 18),
    ),
    Law(
        id="PBC5",
        name="中国人民银行金融消费者权益保护实施办法",
        number="令〔2020〕5号",
        from_day=date(2020, 11, 1),
    ),
    Law(
        id="INST",
        name="互联网保险业务监管办法",
        number="银保监会令2020年第13号",
        from_day=date(2021, 2, 1),
    ),
    Law(id="ECL", name="电子商务法", number="主席令第七号", from_day=date(2019, 1, 1)),
    Law(id="IIT", name="个人所得税法", number="2018 年修正", from_day=date(2019, 1, 1)),
    Law(id="CPL", name="刑事诉讼法", number="2018 年修正", from_day=date(2018, 10, 26)),
    Law(id="CIV", name="民法典", number="主席令第四十五号", from_day=date(2021, 1, 1)),
)

EXCEPTIONS: tuple[LawfulException, ...] = (
    LawfulException(
        id="legal_duty",
        number=1,
        name="履行法律交给我们的义务",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 13.1(3)",
        disclosure=True,
    ),
    LawfulException(
        id="national_security",
        number=2,
        name="关系国家安全或国防",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 13.1(3)",
        disclosure=True,
    ),
    LawfulException(
        id="public_interest",
        number=3,
        name="公共安全、公共卫生与重大公共利益的紧急需要",
        basis=Basis.EMERGENCY,
        law="PIPL 13.1(4)",
        disclosure=True,
    ),
    LawfulException(
        id="criminal_justice",
        number=4,
        name="司法机关办理刑事案件",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 13.1(3)",
        disclosure=True,
    ),
    LawfulException(
        id="life_and_property",
        number=5,
        name="紧急时保护人的生命和财产",
        basis=Basis.EMERGENCY,
        law="PIPL 13.1(4)",
        disclosure=True,
    ),
    LawfulException(
        id="self_published",
        number=6,
        name="你自己已经公开的内容",
        basis=Basis.LAWFULLY_PUBLIC,
        law="PIPL 13.1(6)",
        disclosure=True,
    ),
    LawfulException(
        id="contract",
        number=7,
        name="按你的要求订立或履行合同",
        basis=Basis.CONTRACT,
        law="PIPL 13.1(2)",
        disclosure=False,
    ),
    LawfulException(
        id="lawfully_public",
        number=8,
        name="依法已经公开的来源",
        basis=Basis.LAWFULLY_PUBLIC,
        law="PIPL 13.1(6)",
        disclosure=True,
    ),
    LawfulException(
        id="safe_running",
        number=9,
        name="保障服务安全稳定、排除故障",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 13.1(3)",
        disclosure=False,
    ),
    LawfulException(
        id="news",
        number=10,
        name="新闻单位报道（我们不是新闻单位，不使用）",
        basis=None,
        law="",
        disclosure=False,
    ),
    LawfulException(
        id="research",
        number=11,
        name="学术机构研究（法律没有这一条，不使用）",
        basis=None,
        law="",
        disclosure=False,
    ),
)
