"""Chinese, in simplified and in traditional characters."""

from vinculo.demo.words.tongue import Texts, Tongue, lines, spelled, titles, trades
from vinculo.demo.words.vocabulary_zh import (
    GIVEN_HANS,
    GIVEN_HANT,
    ROOTS_HANS,
    ROOTS_HANT,
    SURNAMES_HANS,
    SURNAMES_HANT,
)

SIMPLIFIED = Tongue(
    language="zh-hans",
    given=spelled(GIVEN_HANS),
    family=spelled(SURNAMES_HANS),
    roots=spelled(ROOTS_HANS),
    trades=trades("""
        工具 | Tools | wholesale
        机械 | Machinery | machinery
        食品 | Foods | food
        物流 | Logistics | logistics
        纺织 | Textiles | textiles
        建筑工程 | Construction | construction
        电子 | Electronics | electronics
        科技 | Technology | software
        信息技术 | Information | software
        汽车配件 | Auto Parts | automotive
        酒店管理 | Hotels | hospitality
        医疗器械 | Medical | health
        新能源 | New Energy | energy
        农业 | Agriculture | agriculture
        包装材料 | Packaging | wholesale
        金属制品 | Metals | metals
        化工 | Chemicals | chemicals
        文化传媒 | Media | media
        教育咨询 | Education | education
        百货 | Stores | retail
        房地产 | Properties | real_estate
        商务服务 | Services | services
        贸易 | Trading | wholesale
        通信 | Telecom | telecom
    """),
    forms=("有限公司", "有限公司", "股份有限公司", "有限责任公司", "集团有限公司"),
    titles=titles("""
        采购经理 | buyer
        采购主管 | buyer
        总经理 | decision_maker
        副总经理 | decision_maker
        董事长 | owner
        财务经理 | finance
        会计 | finance
        工程师 | technical
        设备主管 | technical
        仓库主管 | employee
        销售助理 | employee
        行政助理 | employee
        顾问 | adviser
    """),
    salutations=("女士", "先生", ""),
    interests=("手动工具", "电动工具", "劳保用品", "紧固件", "照明", "包装", "羽毛球", "书法", "茶"),
    preferences=("上午联系", "微信优先", "月底开票", "周五不打电话"),
    descriptions=lines("""
        每年采购两次，每次比较三家报价。
        在春季展会上认识，先要样品。
        老客户。仓库决定，办公室签字。
        今年开设第二家工厂，秋季前需要设备。
    """),
    texts=Texts(
        calls=lines("""
            询问{product}的交货时间
            询问{product}价格
            确认{product}订单
            投诉{product}质量
            提醒{product}报价
            例行回访
            需要{product}样品
            上一张发票的付款
            采购部新联系人
            年度合作条件
        """),
        emails=lines("""
            {product}报价单
            回复：关于{product}的咨询
            {product}技术资料
            {product}送货单
            春季展会邀请函
            会议纪要
            变更收货地址
            最新价格表
            回复：{product}延迟交货
            感谢您的来访
        """),
        meetings=lines("""
            年度总结会
            {product}产品介绍
            {product}框架协议
            项目启动会
            商务谈判
            {product}视频会议
        """),
        visits=lines("""
            拜访客户仓库
            参观新厂区
            {product}现场演示
            {product}质量检查
            与店长盘点
        """),
        notes=lines("""
            喜欢新系列的{product}
            竞争对手的{product}便宜百分之四
            **三月**决定预算
            新采购在原公司就认识我们
            明年两个厂区合并
        """),
        bodies=lines("""
            月底之前需要，我答应明天中午前答复。
            价格可以，交期太长，需要和仓库协调。
            已留言，他周四回来。
            需要三家报价比较，下周决定。
            上次交货少了两箱，已开具红字发票。
            对服务非常满意，可能推荐给兄弟公司。
            考虑签两年固定价格的框架协议。
            两百件以上希望优惠百分之五。
            样品已收到，正在现场试用，两周后再联系。
            要和总经理商量，之后回电。
            夏天采购部搬到总部，联系人不变。
            目前没有需求，节后再联系。
        """),
        tasks=lines("""
            发送{product}报价
            回电{product}事宜
            准备年度总结
            向仓库确认{product}库存
            寄送{product}样品
            核查信用额度
            催回已签合同
            预约拜访
        """),
        products=("充电电钻", "安全鞋", "扭力扳手", "工作灯", "不锈钢螺栓", "缠绕膜", "焊接面罩",
                  "梯子", "手锯", "防护手套", "空气压缩机", "激光测距仪"),
        files=("报价.txt", "现场记录.txt", "合作条件.csv"),
    ),
)  # fmt: skip

TRADITIONAL = Tongue(
    language="zh-hant",
    given=spelled(GIVEN_HANT),
    family=spelled(SURNAMES_HANT),
    roots=spelled(ROOTS_HANT),
    trades=trades("""
        工具 | Tools | wholesale
        機械 | Machinery | machinery
        食品 | Foods | food
        物流 | Logistics | logistics
        紡織 | Textiles | textiles
        營造 | Construction | construction
        電子 | Electronics | electronics
        科技 | Technology | software
        資訊 | Information | software
        汽車材料 | Auto Parts | automotive
        飯店管理 | Hotels | hospitality
        醫療器材 | Medical | health
        綠能 | Green Energy | energy
        農產 | Agriculture | agriculture
        包裝材料 | Packaging | wholesale
        金屬工業 | Metals | metals
        化學工業 | Chemicals | chemicals
        文創 | Media | media
        教育 | Education | education
        百貨 | Stores | retail
        建設 | Properties | real_estate
        顧問 | Consulting | services
        貿易 | Trading | wholesale
        電信 | Telecom | telecom
    """),
    forms=("有限公司", "股份有限公司", "股份有限公司", "企業社", "實業有限公司"),
    titles=titles("""
        採購經理 | buyer
        採購專員 | buyer
        總經理 | decision_maker
        協理 | decision_maker
        董事長 | owner
        財務經理 | finance
        會計 | finance
        工程師 | technical
        設備主任 | technical
        倉管主任 | employee
        業務助理 | employee
        行政專員 | employee
        顧問 | adviser
    """),
    salutations=("小姐", "先生", ""),
    interests=("手工具", "電動工具", "工安用品", "扣件", "照明", "包裝", "登山", "攝影", "茶道"),
    preferences=("上午聯絡", "偏好電子郵件", "月底開發票", "週五不打電話"),
    descriptions=lines("""
        每年採購兩次，每次比較三家報價。
        在春季展覽會認識，先要樣品。
        老客戶。倉庫決定，辦公室簽名。
        今年增設第二座工廠，秋天前需要設備。
    """),
    texts=Texts(
        calls=lines("""
            詢問{product}的交貨時間
            詢問{product}價格
            確認{product}訂單
            客訴{product}品質
            提醒{product}報價
            例行關懷
            需要{product}樣品
            上一張發票的付款
            採購部新聯絡人
            年度合作條件
        """),
        emails=lines("""
            {product}報價單
            回覆：關於{product}的詢問
            {product}技術資料
            {product}出貨單
            春季展覽邀請函
            會議紀錄
            變更收貨地址
            最新價目表
            回覆：{product}延遲交貨
            感謝您的來訪
        """),
        meetings=lines("""
            年度檢討會
            {product}產品介紹
            {product}合作備忘錄
            專案啟動會議
            商務談判
            {product}視訊會議
        """),
        visits=lines("""
            拜訪客戶倉庫
            參觀新廠房
            {product}現場示範
            {product}品質檢查
            與店長盤點
        """),
        notes=lines("""
            喜歡新系列的{product}
            競爭對手的{product}便宜百分之四
            **三月**決定預算
            新採購在前公司就認識我們
            明年兩個廠區合併
        """),
        bodies=lines("""
            月底之前需要，我答應明天中午前回覆。
            價格可以，交期太長，需要和倉庫協調。
            已留言，他週四回來。
            需要三家報價比較，下週決定。
            上次交貨少了兩箱，折讓單已開立。
            對服務非常滿意，可能推薦給關係企業。
            考慮簽兩年固定價格的合約。
            兩百件以上希望優惠百分之五。
            樣品已收到，正在現場試用，兩週後再聯絡。
            要和總經理商量，之後回電。
            夏天採購部搬到總公司，聯絡人不變。
            目前沒有需求，節後再聯絡。
        """),
        tasks=lines("""
            寄出{product}報價
            回電{product}事宜
            準備年度檢討
            向倉庫確認{product}庫存
            寄送{product}樣品
            查核信用額度
            催回已簽合約
            預約拜訪
        """),
        products=("充電電鑽", "安全鞋", "扭力扳手", "工作燈", "不鏽鋼螺栓", "棧板膜", "焊接面罩",
                  "梯子", "手鋸", "防護手套", "空氣壓縮機", "雷射測距儀"),
        files=("報價.txt", "現場紀錄.txt", "合作條件.csv"),
    ),
)  # fmt: skip
