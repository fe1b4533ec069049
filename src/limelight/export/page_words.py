"""What a page says before its views do: in English, or where Chinese was chosen in Chinese."""

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

# Of methods, as js/lib/words/zh.js has them, and of output spaces.
LABELS: dict[str, dict[str, str]] = {
    "en": {},
    "zh": {
        "Occlusion": "遮挡",
        "Saliency": "显著性",
        "Input x gradient": "输入 × 梯度",
        "Int. gradients": "积分梯度",
        "Permutation Shapley": "排列 Shapley",
        "log-odds": "对数几率",
        "margin": "间隔",
    },
}
