"""Chinese names and the roots of company names, each with its reading in Latin letters."""

SURNAMES_HANS = """
王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 黄=Huang 赵=Zhao 周=Zhou 吴=Wu 徐=Xu 孙=Sun
马=Ma 朱=Zhu 胡=Hu 郭=Guo 何=He 林=Lin 高=Gao 罗=Luo 郑=Zheng 梁=Liang 谢=Xie 宋=Song 唐=Tang
许=Xu 邓=Deng 韩=Han 冯=Feng 曹=Cao 彭=Peng 曾=Zeng 肖=Xiao 田=Tian 董=Dong 潘=Pan 袁=Yuan
蔡=Cai 蒋=Jiang 余=Yu 于=Yu 杜=Du 叶=Ye 程=Cheng 魏=Wei 苏=Su 吕=Lv 丁=Ding 任=Ren 卢=Lu
姚=Yao 沈=Shen 钟=Zhong 姜=Jiang 崔=Cui 谭=Tan 陆=Lu 范=Fan 汪=Wang 廖=Liao 石=Shi 金=Jin
欧阳=Ouyang 司马=Sima 上官=Shangguan 诸葛=Zhuge
"""
GIVEN_HANS = """
伟=Wei 芳=Fang 娜=Na 敏=Min 静=Jing 丽=Li 强=Qiang 磊=Lei 军=Jun 洋=Yang 勇=Yong 艳=Yan 杰=Jie
娟=Juan 涛=Tao 明=Ming 超=Chao 霞=Xia 平=Ping 刚=Gang 建国=Jianguo 建华=Jianhua 志强=Zhiqiang
志明=Zhiming 秀英=Xiuying 秀兰=Xiulan 桂英=Guiying 海燕=Haiyan 雪梅=Xuemei 文静=Wenjing
晓明=Xiaoming 晓东=Xiaodong 小红=Xiaohong 宇航=Yuhang 子涵=Zihan 浩然=Haoran 欣怡=Xinyi
梓萱=Zixuan 一诺=Yinuo 雨桐=Yutong 思远=Siyuan 俊杰=Junjie 佳琪=Jiaqi 嘉豪=Jiahao 天宇=Tianyu
慧敏=Huimin 丹丹=Dandan 婷婷=Tingting 国强=Guoqiang 立新=Lixin 春生=Chunsheng 永康=Yongkang
云=Yun 云飞=Yunfei 若曦=Ruoxi 瑞=Rui 博文=Bowen 致远=Zhiyuan 安琪=Anqi 可欣=Kexin 沐阳=Muyang
"""
ROOTS_HANS = """
远景=Yuanjing 华兴=Huaxing 东方=Dongfang 金桥=Jinqiao 长江=Changjiang 天河=Tianhe 新星=Xinxing
瑞丰=Ruifeng 德信=Dexin 宏达=Hongda 万里=Wanli 恒通=Hengtong 盛世=Shengshi 永安=Yongan 中原=Zhongyuan
海蓝=Hailan 明珠=Mingzhu 康泰=Kangtai 光华=Guanghua 嘉禾=Jiahe 龙腾=Longteng 鹏程=Pengcheng
启航=Qihang 创想=Chuangxiang 汇丰源=Huifengyuan 锦绣=Jinxiu 青松=Qingsong 白云=Baiyun 红杉林=Hongshanlin
北辰=Beichen 南山=Nanshan 西岭=Xiling 同舟=Tongzhou 百川=Baichuan 泰和=Taihe 翔宇=Xiangyu 亿佳=Yijia
晨曦=Chenxi 凯旋=Kaixuan 博雅=Boya 立达=Lida 精诚=Jingcheng 飞跃=Feiyue 顺发=Shunfa 乐山水=Leshanshui
云帆=Yunfan 星海=Xinghai 泉源=Quanyuan 松柏=Songbai 禾田=Hetian 航宇=Hangyu 智联达=Zhilianda
"""
SURNAMES_HANT = """
陳=Chen 林=Lin 黃=Huang 張=Chang 李=Lee 王=Wang 吳=Wu 劉=Liu 蔡=Tsai 楊=Yang 許=Hsu 鄭=Cheng
謝=Hsieh 洪=Hung 郭=Kuo 邱=Chiu 曾=Tseng 廖=Liao 賴=Lai 徐=Hsu 周=Chou 葉=Yeh 蘇=Su 莊=Chuang
呂=Lu 江=Chiang 何=Ho 蕭=Hsiao 羅=Lo 高=Kao 潘=Pan 簡=Chien 朱=Chu 鍾=Chung 游=Yu 彭=Peng
詹=Chan 胡=Hu 施=Shih 沈=Shen 余=Yu 盧=Lu 梁=Liang 趙=Chao 顏=Yen 柯=Ko 翁=Weng 魏=Wei 孫=Sun
戴=Tai 范=Fan 歐陽=Ouyang 溫=Wen 方=Fang 宋=Sung 杜=Tu 傅=Fu 侯=Hou 薛=Hsueh 馮=Fung 關=Kwan
"""
GIVEN_HANT = """
怡君=Yichun 雅婷=Yating 淑芬=Shufen 美玲=Meiling 佳穎=Chiaying 欣怡=Hsinyi 宜蓁=Yichen 詩涵=Shihhan
心怡=Hsinyi 雅雯=Yawen 佩珊=Peishan 思妤=Ssuyu 志明=Chihming 家豪=Chiahao 俊傑=Chunchieh
建宏=Chienhung 冠宇=Kuanyu 承恩=Chengen 宗翰=Tsunghan 彥廷=Yenting 柏翰=Pohan 文雄=Wenhsiung
國華=Kuohua 明哲=Mingche 信宏=Hsinhung 偉倫=Weilun 品睿=Pinjui 宇軒=Yuhsuan 子晴=Tzuching
筱婷=Hsiaoting 郁婷=Yuting 惠雯=Huiwen 麗華=Lihua 秀琴=Hsiuchin 玉蘭=Yulan 春嬌=Chunchiao
正雄=Chenghsiung 文昌=Wenchang 榮華=Junghua 啟明=Chiming 嘉玲=Kaling 家輝=Kafai 偉文=Waiman
詠詩=Wingsze 子健=Tszkin 樂怡=Lokyi 浩賢=Hoyin 芷晴=Tszching 雲=Yun 靜=Ching 誠=Cheng 恩=En
"""
ROOTS_HANT = """
遠景=Yuanching 華興=Huahsing 東方=Tungfang 金橋=Chinchiao 長榮源=Changjungyuan 天河=Tienho
新星=Hsinhsing 瑞豐=Juifeng 德信=Tehsin 宏達興=Hungtahsing 萬里=Wanli 恆通=Hengtung 盛世=Shengshih
永安=Yungan 中原=Chungyuan 海藍=Hailan 明珠=Mingchu 康泰=Kangtai 光華=Kuanghua 嘉禾=Chiaho
龍騰=Lungteng 鵬程=Pengcheng 啟航=Chihang 創想=Chuanghsiang 錦繡=Chinhsiu 青松=Chingsung
白雲=Paiyun 北辰=Peichen 南山源=Nanshanyuan 同舟=Tungchou 百川=Paichuan 泰和=Taiho 翔宇=Hsiangyu
億佳=Yichia 晨曦=Chenhsi 凱旋=Kaihsuan 博雅=Poya 立達=Lita 精誠=Chingcheng 飛躍=Feiyueh
順發=Shunfa 樂活田=Lohuotien 雲帆=Yunfan 星海=Hsinghai 泉源=Chuanyuan 松柏=Sungpai 禾田=Hotien
玉山林=Yushanlin 阿里坡=Alipo 日月坊=Jihyuehfang 太平洋森=Taipingyangsen 港灣=Kangwan 旺角坊=Wongkokfong
"""
