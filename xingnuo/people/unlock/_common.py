"""The words that most common passwords are made of; `_weak` adds what people add to them."""

from __future__ import annotations

# Plain words alone: capitals, digits and signs around or inside them change nothing.
WORDS = frozenset(
    """
    abigail access account achilles admin administer administrator aini ainimen ainio airforce
    airplane aizhongguo ajax albert alex alexander alexandra alexis alibaba alipay allah always
    amanda amber amelia amen america american andrea andreas andrew android angel angela
    angelica angels ankang anna annie anthony antonio anything apollo apple april archer army
    arsenal artist asdf asdfgh asdfghjkl asdzxc ashley asshole athena atlanta audi august
    australia autumn avenger avengers azerty baba babe baby babyboy babygirl baidu banana bank
    banking baobao baobei barbara barbie barcelona bart baseball basketball bastard batman
    bayern beach bear bears beer beethoven beijing believe benfica benjamin benz berlin
    bestfriend bible bicycle biking bilbo biology birthday bitch black bleach blessed blessing
    blue blueberry bmw boston boxing boy boys brandon brazil brian britain broncos brother brown
    buddha buddy bulls bunny burger business butter butterfly byebye caesar caihong caiwei
    california camaro canada candy captain carlos carol cat cats catwoman celtics ceshi champion
    champions changcheng change changeme changjiang chaochao charles charlotte cheese chelsea
    chemistry chenchen chengdu chenjie chenjing chenwei cherry chevrolet chevy chicago chicken
    china chinese chloe chocolate chongqing christ christian christmas christopher church cisco
    cleopatra cocacola coconut coffee cola college company computer conan cookie cookies
    corvette counter cow cowboy cowboys credit crimson crystal cubs cupcake dad daddy dahai
    daisy dajidali dallas dalong dancer dancing daniel dark darkness darwin dashu david davidson
    december default delhi dell demo demon denglu dengwei dengziqi dennis denver desert devil
    diablo diamond diamonds diana didi diego diqiu doctor dodgers dog doggy dogs dollar dollars
    dolphin donald donkey donna doraemon dortmund douyin dragon dragonball dragons dream dreamer
    dreams drummer drums ducati duck dudu dumbledore eagle eagles earth easter edison edward
    einstein elizabeth emerald emily emma enen england eric erzi ethan everything example facai
    facebook fafa faith falcon family fangfang father february feifei ferrari finance fire
    fireball firefighter fish fishing flame florida flower flowers football ford forest forever
    forget fortnite fortune fox france frank freedom friday friend friends friendship frodo fuck
    fucker fuckme fuckyou galaxy game gamer games gaming gandalf gaowei garden garfield gary
    gege george germany ghost giants girl girls gladiator gmail god godbless goku gold golden
    goldfish golf golfer gongxi gongxifacai gongzuo goodbye goofy google gospel gougou grace
    grape green gryffindor guangzhou guanliyuan guest guitar guowei haha hahaha haiyang haizi
    halflife halloween hamster hangzhou hannah harley harry harvey hawk heaven hehe heihei helen
    hello hellokitty hellothere helloworld henry hercules hermione hero heroes hetao hewei
    history hobbit hockey hogwarts holiday hollywood homer honda honey hongbao hongkong hope
    horse hotgirl hotmail hottie houston huahua huanghe huangjing huangwei huawei hugs huhu hulk
    hunter hunting hurricane husband ichigo ilove iloveu iloveyou india instagram insurance
    inter internet iphone ireland ironman isabella island italy jacob jade james january japan
    jasmine jason jedi jennifer jeremy jerry jessica jesus jesuschrist jiankang jiejie jingjing
    john joker jonathan jordan jose joseph joshua juan juice julia julie juliet july june junjun
    jupiter justice justin juventus karate karen kate katie kawasaki kelly kevin keyboard kim
    kimberly king kiss kisses kissme kitten kitty knight korea kuaile kungfu lakers lala lanhua
    laogong laopo laoshi laptop larry latte laura lauren league legend legends leilei lemon
    lenovo letmein liangliang liangwei liberty light lightning lijie lijun lili lily liming lina
    linda lingling linux linwei lion lipeng liqiang lisa liudehua liujie liuwei liuyan liuyang
    liverpool liwei liyan lkjhgf loan loans logan login loki london longlong love loveforever
    lovely loveme lover lovers loveyou loving lucas lucky lucy luffy luis lulu luowei
    macau machao madison madrid mahuateng malong mama mamababa man manager manchester mango
    maomao march marco maria marine mario mark mars martin mary mason master math matrix matthew
    may mayun mazda megan meigui meihua meimei melissa melon mengxiang mercedes mercury mexico
    mia miami michael michelle mickey microsoft midnight miguel milan milk million millionaire
    mima mimamima minecraft mingming minnie mnbvcx mocha modem molly mom mommy momo monday money
    monica monitor monkey moon moonlight moscow mother motorola mountain mouse mozart mumbai
    music musician mustang mysql nainai nana nancy nanjing napoleon naruto natalie natasha
    nature navy neo neptune network newton newyear newyork nicholas nicole nihao nihaoma nimen
    nintendo nissan niuniu nobita nobody nokia nothing november nurse nver ocean october office
    oliver olivia onepiece open opensesame operator oracle orange orchid packers painter pamela
    panda panther panwei paris parrot party pass passcode passphrase passw0rd password passwort
    patricia patrick patriots paul paula payment peace peach pearl pedro pengpeng penguin
    pengyou pepsi personal peter philip phoenix physics piano picasso pikachu pilot pingan pink
    pizza planet platinum player players playstation please pluto poet poiuyt pokemon police
    pony porsche portland postgres power prayer prince princess printer private puppy purple
    qazwsx qiangqiang qinaide queen qwaszx qweasd qwer qwert qwerty qwertyui qwertyuiop qwertz
    rabbit racer rachel racing raiders rainbow raindrop ranger rangers raven realmadrid rebecca
    red redsox rich richard richie river robert roblox rocket roma rome rooster root rose roses
    rosie router ruby runner running russia ruth ryan sabrina safety sakura sally samantha
    sample samsung samuel sandra sapphire sarah sasuke saturday saturn scarlet school science
    scotland seattle secret secrets secure security senlin seoul september sergio server service
    sesame sexy sexyboy sexygirl shadow shadows shakespeare shanghai shannon shark sharon sheila
    shengri shengrikuaile shenzhen shijie shit shooter shopping shuttle silver simon simpsons
    singapore singer sister skate skater skywalker slytherin snake sniper snoopy snow snowball
    snowboard snowflake soccer soldier somebody something songwei sonic sony sophia sophie sorry
    southpark spain spartacus spartan spider spiderman spock spongebob spring sqlserver squirrel
    star starcraft starlight stars startrek starwars steelers stefan stephanie stephen steven
    storm strawberry student subaru sugar summer sunday sunli sunny sunrise sunset sunshine
    sunwei superman superuser support surfer surfing susan suzhou suzuki sweet sweetheart
    sweetie sweety swimming sydney system taipei taiwan taiyang tangwei taobao taohua taotao tea
    teacher teddy teddybear temp temporary tencent tennis tequila terry tesla test tester
    testing texas thanks thankyou thomas thor thunder thursday tiananmen tianjin tiankong
    tianshi tiantang tiffany tiger tigers tina tingting titanic today tokyo tomorrow tongxue
    tornado toshiba totoro toyota tractor tracy trinity truck trucker trustme trustno tuesday
    tulip turtle tutu twitter tyler ubuntu united universe university unknown user vader vanessa
    vegas vegeta venus veronica victor victoria victory violin vodka wallet wangfang wangjing
    wangjun wanglei wangli wangpeng wangwei wangyan warcraft water wechat wednesday weibo weiwei
    weixin welcome wendy whale whatever whatsup whiskey white whitesox wife william windows wine
    winner winners winter wireless woaibaba woaimama woaini woaiwo woaiwojia woaizhongguo
    wodemima wolf wolverine wolves woman women wonderwoman world woshini woshiren woshishui
    wozuiaini writer wuhan wujing wuwei xian xiaobai xiaocao xiaochen xiaofeng xiaogang xiaogou
    xiaohei xiaohong xiaoli xiaolong xiaomao xiaomi xiaoming xiaotu xiaowang xiaoxiao xiaoxue
    xiaoyu xiaozhang xiaozhu xingfu xingkong xingxing xinnian xinniankuaile xiwang xixi xuesheng
    xuexi xuwei xuxin yahoo yamaha yangfan yanglei yangli yangyang yankees yellow yesterday yeye
    yingying yoda yonghu youtube yuanyuan yueliang yuwei yuzhou zelda zeus zhanghao zhangjing
    zhanglei zhangli zhangmin zhangqiang zhangwei zhangxueyou zhangyan zhaolei zhaowei zhaoyan
    zhongguo zhongguoren zhoujie zhoujielun zhouwei zhufu zhuwei zhuzhu zoe zoro zxcasd zxcv
    zxcvbn zxcvbnm
    """.split()
)
