"""Japanese."""

from vinculo.demo.words.tongue import Texts, Tongue, lines, spelled, titles, trades

JAPANESE = Tongue(
    language="ja",
    given=spelled("""
        健=Ken 翔=Sho 大輔=Daisuke 拓也=Takuya 直樹=Naoki 誠=Makoto 隆=Takashi 剛=Tsuyoshi 浩二=Koji
        修=Osamu 亮=Ryo 悠斗=Yuto 陽菜=Hina 美咲=Misaki 結衣=Yui 葵=Aoi 愛子=Aiko 恵子=Keiko
        裕子=Yuko 真由美=Mayumi 由美子=Yumiko 千尋=Chihiro 彩=Aya 桜=Sakura 明美=Akemi さくら=Sakura
        ひろみ=Hiromi あゆみ=Ayumi みゆき=Miyuki
    """),
    family=spelled("""
        佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 田中=Tanaka 伊藤=Ito 渡辺=Watanabe 山本=Yamamoto
        中村=Nakamura 小林=Kobayashi 加藤=Kato 吉田=Yoshida 山田=Yamada 佐々木=Sasaki 山口=Yamaguchi
        松本=Matsumoto 井上=Inoue 木村=Kimura 林=Hayashi 斎藤=Saito 清水=Shimizu 山崎=Yamazaki
        森=Mori 池田=Ikeda 橋本=Hashimoto 阿部=Abe 石川=Ishikawa 前田=Maeda 藤田=Fujita 小川=Ogawa
    """),
    roots=spelled("""
        富士見=Fujimi 朝日坂=Asahizaka 青葉=Aoba 若松=Wakamatsu 桜井=Sakurai 大和田=Owada 瑞穂野=Mizuhono
        東雲=Shinonome 北斗=Hokuto 南風=Minamikaze 白鳥=Shiratori 千歳=Chitose 松風=Matsukaze
        日向=Hinata 緑川=Midorikawa 星野原=Hoshinohara 月見=Tsukimi 花園=Hanazono さくら坂=Sakurazaka
        ひかり野=Hikarino アオゾラ=Aozora ミナト=Minato
    """),
    trades=trades("""
        工具 | Tools | wholesale
        製作所 | Works | machinery
        食品 | Foods | food
        運輸 | Transport | logistics
        繊維 | Textiles | textiles
        建設 | Construction | construction
        電機 | Electric | electronics
        システム | Systems | software
        自動車部品 | Auto Parts | automotive
        観光 | Tourism | hospitality
        医療機器 | Medical | health
        エネルギー | Energy | energy
        農園 | Farms | agriculture
        包装 | Packaging | wholesale
        鉄鋼 | Steel | metals
        化学 | Chemicals | chemicals
        商事 | Trading | wholesale
        不動産 | Properties | real_estate
    """),
    forms=("株式会社", "株式会社", "有限会社", "合同会社"),
    titles=titles("""
        購買部長 | buyer
        購買担当 | buyer
        代表取締役 | owner
        工場長 | decision_maker
        経理部長 | finance
        技術課長 | technical
        倉庫主任 | employee
        総務 | employee
    """),
    salutations=("様", ""),
    interests=("手工具", "安全用品", "照明", "包装", "釣り", "茶道"),
    preferences=("午前中に電話", "メール希望", "月末締め"),
    descriptions=lines("""
        年に二回発注、毎回三社で比較。
        春の展示会で知り合う。まず見本を希望。
    """),
    texts=Texts(
        calls=lines("""
            {product}の納期について
            {product}の価格確認
            {product}の注文確認
            {product}の苦情
            見積もりの確認
        """),
        emails=lines("""
            {product}のお見積もり
            Re: {product}のお問い合わせ
            {product}の技術資料
            展示会のご案内
            議事録
        """),
        meetings=lines("""
            年次レビュー
            {product}の説明会
            条件交渉
        """),
        visits=lines("""
            倉庫訪問
            工場見学
            {product}の実演
        """),
        notes=lines("""
            新シリーズの{product}を希望
            予算は**三月**に決定
        """),
        bodies=lines("""
            月末までに必要。明日の正午までに回答する。
            価格は問題ないが納期が長い。倉庫と調整する。
            伝言を残した。木曜日に戻る。
            三社で比較して来週決める。
            前回の納品は二箱不足。返金処理中。
        """),
        tasks=lines("""
            {product}の見積もりを送る
            折り返し電話
            見本を送る
            訪問の予約
        """),
        products=("電動ドリル", "安全靴", "トルクレンチ", "作業灯", "ステンレスボルト", "保護手袋"),
        files=("見積もり.txt", "条件.csv"),
    ),
)  # fmt: skip
