"""What a device may let us use: eleven permissions, their bounds, purposes and costs."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Bound,
    Category,
    DataClass,
    Declaration,
    DevicePermission,
    Function,
    Item,
    KeyClass,
    Mask,
    Purpose,
    SubjectState,
)

EVERY_STATE = (
    SubjectState.NEW,
    SubjectState.ACTIVE,
    SubjectState.FROZEN,
    SubjectState.MINOR,
    SubjectState.WITHDRAWN,
    SubjectState.CLOSING,
    SubjectState.SEALED,
    SubjectState.ERASING,
    SubjectState.DECEASED,
)

ITEMS = (
    Item(
        id="location",
        name="地理位置",
        category=Category.LOCATION,
        sensitive=True,
        data_class=DataClass.C2,
        key_class=KeyClass.DEVICE,
        mask=Mask.ADDRESS,
        retention="session_end",
        kind="place",
        max_chars=120,
        necessity="判断所在地能否办这项业务；泄露会暴露您的行踪，因此只到区县。",
    ),
)

FUNCTIONS = (
    Function(
        id="device_permissions",
        name="设备权限",
        section="1.3",
        controller="operator",
        core=True,
        text="用到时才问，一次只问一个，先说用途和不开的后果。关掉一个权限就等于收回这份授权，我们随即停止取用；之前做过的不受影响。",
    ),
)

PURPOSES = (
    Purpose(
        id="permissions.manage",
        function="device_permissions",
        title="管理设备权限",
        sentence="记下您开了或关了哪些权限",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 15",
        exception="legal_duty",
        actors=(ActorKind.SELF, ActorKind.GUARDIAN, ActorKind.SYSTEM),
        in_states=EVERY_STATE,
        scene="设置 › 隐私设置 › 授权管理",
    ),
)

PERMISSIONS = (
    DevicePermission(
        id="phone_state",
        name="读取电话状态",
        section="1.3.1",
        bounds=(Bound(os="android"),),
        purposes=("antifraud.device_check",),
        why="识别设备，看操作环境是否安全",
        refusal_cost="不开就少一道设备校验，付款时可能多验一次，其他不变。",
        items=("imei", "serial_number"),
    ),
    DevicePermission(
        id="account_list",
        name="读取手机帐户列表",
        section="1.3.2",
        bounds=(Bound(os="android", min_version="6.0", below_version="8.1", vendor="miui"),),
        purposes=("accounts.quick_sign_in",),
        why="从手机里选一个帐号，登录更快",
        refusal_cost="不开就手动输入帐号，其他不变。",
        items=("device_accounts",),
        by_hand="手动输入帐号",
    ),
    DevicePermission(
        id="storage",
        name="读写手机存储",
        section="1.3.3",
        bounds=(Bound(os="android"),),
        purposes=(
            "payments.scan",
            "profile.manage",
            "support.case",
            "identity.document_photo",
            "rights.copy",
        ),
        why="选取图片、保存下载的文件",
        refusal_cost="不开就不能从手机里选图或保存文件，其他不变。",
        by_hand="改用相机拍摄或在线查看",
    ),
    DevicePermission(
        id="calendar",
        name="读写日历",
        section="1.3.4",
        bounds=(Bound(os="android"), Bound(os="ios")),
        purposes=("loans.reminder", "notices.reminder"),
        why="把还款日和活动提醒写进日历",
        refusal_cost="不开就不写日历，仍会在应用里提醒，其他不变。",
        by_hand="下载日历文件自己导入",
    ),
    DevicePermission(
        id="microphone",
        name="使用麦克风",
        section="1.3.5",
        bounds=(Bound(os="android"), Bound(os="ios"), Bound(os="web")),
        purposes=("support.voice", "wallet_card.witness"),
        why="按住说话代替打字，开户时录音见证",
        refusal_cost="不开就改用打字，见证开户可去银行网点，其他不变。",
        items=("voice_recording",),
        by_hand="打字输入",
    ),
    DevicePermission(
        id="camera",
        name="使用相机",
        section="1.3.6",
        bounds=(Bound(os="android"), Bound(os="ios"), Bound(os="web")),
        purposes=(
            "payments.scan",
            "profile.manage",
            "support.case",
            "identity.document_photo",
            "identity.face_check",
        ),
        why="扫码、拍照、刷脸核验",
        refusal_cost="不开就不能拍摄，可改为从相册选图或换一种核验，其他不变。",
        by_hand="从相册选图",
    ),
    DevicePermission(
        id="photos",
        name="读取相册",
        section="1.3.7",
        bounds=(Bound(os="ios", below_version="11.0"),),
        purposes=("payments.scan", "profile.manage", "support.case", "identity.document_photo"),
        why="从相册选图上传",
        refusal_cost="不开就不能从相册选图，其他不变。",
        by_hand="改用相机拍摄",
    ),
    DevicePermission(
        id="face_id",
        name="使用面容 ID",
        section="1.3.8",
        bounds=(Bound(os="ios"),),
        purposes=("unlock.biometric", "payments.confirm_biometric"),
        why="在手机上比对面容，只把结果告诉我们",
        refusal_cost="不开就用密码或手势，其他不变。",
        items=("face_result",),
        by_hand="使用密码",
    ),
    DevicePermission(
        id="location",
        name="获取位置",
        section="1.3.9",
        bounds=(Bound(os="android"), Bound(os="ios"), Bound(os="web")),
        purposes=(
            "loans.region",
            "wealth.region",
            "merchant_collection.region",
            "payments.place_check",
            "identity.face_check",
            "antifraud.device_check",
            "feed.personal",
        ),
        why="判断所在地能否办理，核对扫码地点",
        refusal_cost="不开就手动选择所在地区，收款扫码除外，其他不变。",
        items=("location",),
        by_hand="手动选择所在地区",
    ),
    DevicePermission(
        id="contacts",
        name="读取通讯录",
        section="1.3.10",
        bounds=(Bound(os="android"), Bound(os="ios")),
        purposes=("bill_pay.topup", "loans.contact_person"),
        why="只取您点选的那一位",
        refusal_cost="不开就手动输入号码，其他不变。",
        by_hand="手动输入姓名和号码",
    ),
    DevicePermission(
        id="call_phone",
        name="拨打电话",
        section="1.3.11",
        bounds=(Bound(os="android"),),
        purposes=("support.call",),
        why="点一下就拨打客服电话",
        refusal_cost="不开就自己拨号，其他不变。",
        by_hand="自己拨打客服电话",
    ),
)

DECLARATION = Declaration(
    room="permissions", items=ITEMS, functions=FUNCTIONS, purposes=PURPOSES, permissions=PERMISSIONS
)
