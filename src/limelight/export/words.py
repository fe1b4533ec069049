"""What pages say before their views do, and what pictures say: in English, or where it was chosen in Chinese.

Views have their own words, js/lib/words.
"""

from limelight.preferences import options

WORDS = {
    "en": {
        "why": "Why {model} said {output}",
        "model": "the model",
        "comparison": "Comparison of {names}",
        "several": "{n} explanations",
        "waiting": "The live view has not started. Either this file was changed or cut off on its way, and the browser "
                   "refuses its script, or scripts can't run where you read it.",
        "scripts": "Scripts are off in this browser, so there is nothing to turn or to press here.",
        "picture": "The picture is the answer as it was saved.",
        "foot": "Saved with limelight. All that this page shows is in this file: it works without a network, and the "
                "model is not in it.",
    },
    "zh": {
        "why": "{model} 为什么给出 {output}",
        "model": "模型",
        "comparison": "对比：{names}",
        "several": "{n} 个解释",
        "waiting": "交互视图未能启动：文件可能被改动或截断，浏览器因此拒绝运行其脚本；也可能此处不能运行脚本。",
        "scripts": "此浏览器已关闭脚本，因此无法操作。",
        "picture": "图中是保存时的结果。",
        "foot": "由 limelight 保存。页面的全部内容都在此文件中，无需网络；其中不含模型。",
    },
}

# Of methods, as js/lib/words/zh.js has them, of output spaces, and of the ways to exact values.
LABELS: dict[str, dict[str, str]] = {
    "en": {},
    "zh": {
        "Occlusion": "遮挡",
        "Saliency": "显著性",
        "Input x gradient": "输入 × 梯度",
        "Int. gradients": "积分梯度",
        "Permutation Shapley": "排列 Shapley",
        "probability": "概率",
        "log-odds": "对数几率",
        "margin": "间隔",
        "enumeration": "穷举",
        "linear": "线性",
        "tree": "树",
        "kernel": "核",
    },
}

PICTURED = {
    "en": {
        "base": "base value {value}",
        "from": "from {source}",
        "evaluation": "{n:,} evaluation",
        "evaluations": "{n:,} evaluations",
        "exact": "exact",
        "route": "exact ({route})",
        "intervals": "{percent:g} % intervals",
        "unknown": "no intervals",
        "output": "the {space} of {name}",
        "sizes": "how strongly each moves {output}, either way",
        "signs": "\u2212 lowers, + raises {output}",
        "more": "{n} more",
        "rest": "; and {n} more",
        "words": "… and {n} more words",
        "together": "Together, beyond what each does alone",
        "interaction": "interaction",
        "pixel": "attribution of a pixel",
        "segment": "attribution of a segment",
        "interval": "interval {low} to {high}",
        "careful": "Warning: {sentence}",
        "and": "and {n} more",
        "still": "A picture of the answer. Run the cell for the live view.",
        "nothing common": "no feature in common",
        "text common": "words in common",
        "image common": "segments in common",
        "table common": "features in common",
        "of": "{some} of {all}",
        "rank": "rank agreement",
        "shared": "top-{top} shared",
        "few": "too few",
        "none": "none",
        "disagree": "they disagree on",
        "differ": "signs differ on",
        "own scale": "a scale of its own:",
        "own": "{name}, up to {scale:.3g}: its values don't add up to the prediction",
    },
    "zh": {
        "base": "基准值 {value}",
        "from": "来自 {source}",
        "evaluation": "评估 {n:,} 次",
        "evaluations": "评估 {n:,} 次",
        "exact": "精确",
        "route": "精确（{route}）",
        "intervals": "{percent:g}% 区间",
        "unknown": "无区间",
        "output": "{name} 的{space}",
        "sizes": "各部分对{output}影响的大小，不分方向",
        "signs": "\u2212 降低，+ 提高：{output}",
        "more": "还有 {n} 项",
        "rest": "；还有 {n} 项",
        "words": "…… 还有 {n} 个词",
        "together": "组合作用：超出各自单独作用的部分",
        "interaction": "交互作用",
        "pixel": "每个像素的归因",
        "segment": "每个区域的归因",
        "interval": "区间 {low} 至 {high}",
        "careful": "注意：{sentence}",
        "and": "还有 {n} 项",
        "still": "这是结果的图片。运行该单元格，可得到交互视图。",
        "nothing common": "没有共同的特征",
        "text common": "共同的词",
        "image common": "共同的区域",
        "table common": "共同的特征",
        "of": "{some} / {all}",
        "rank": "排序一致性",
        "shared": "共有的前 {top} 名",
        "few": "太少",
        "none": "无",
        "disagree": "方向不一致：",
        "differ": "符号不同：",
        "own scale": "使用自己的刻度：",
        "own": "{name}，至 {scale:.3g}：各值相加不等于预测",
    },
}


def language() -> str:
    """What pictures are written in: Chinese where `ll.options` says so, and otherwise English."""
    return "zh" if options.language == "zh" else "en"


def say(what: str, **values: object) -> str:
    """One of the sentences of pictures."""
    return PICTURED[language()][what].format(**values)


def label(name: str) -> str:
    """What a method, an output space or a way to exact values is called in pictures."""
    return LABELS[language()].get(name, name)
