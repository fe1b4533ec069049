/**
 * 界面上的所有文字，简体中文。All that views say, in Simplified Chinese: what is missing here, the type checker finds.
 *
 * In `sentences` are those that Python makes, as templates: {1}, {2}, ... is what differs, and {*1} what is to be
 * translated in its turn. tests/unit/test_words.py finds those that are missing.
 */
import { count } from "../scale.js";
import { marks } from "./marks_zh.js";

const NO_KERNEL = "没有内核：请重新运行该单元格，以继续采样";
const SLOPES = "斜率不是份额：相加不等于预测。";
const LENGTHS = "长度没有正负，也不是份额。";
const ADD_UP = "各份额相加，等于预测的变化。";
const SMOOTHED = "用高斯过程平滑模型的输出，它会学到哪些特征重要；区间也由它给出";
const REGRESSED = "用加权回归拟合模型的输出，与 KernelSHAP 相同";
const COMPUTED = ["精确：由模型本身算出", "没有任何随机成分"];
/** @type {Record<string, string>} */
const PART = { text: "词", image: "区域", table: "取值" };
/** @type {Record<string, string>} */
const PARTS = { text: "词", image: "区域", table: "特征" };
/** @type {Record<string, string>} */
const STATES = { done: "已完成", stopped: "已停止", failed: "出错" };
/** @type {Record<string, string>} */
const SPACES = { probability: "概率", logit: "logit", "log-odds": "对数几率", margin: "间隔" };

/** @type {typeof import("./en.js").en} */
export const zh = {
  lang: "zh-CN",
  labels: {
    Occlusion: "遮挡",
    Saliency: "显著性",
    "Input x gradient": "输入 × 梯度",
    "Int. gradients": "积分梯度",
    "Permutation Shapley": "排列 Shapley",
    "Additive terms": "加性项",
    "Mean |attribution|": "平均 |归因|",
    "Permutation importance": "置换重要性",
    "Grouped permutation": "分组置换",
    "Conditional permutation": "条件置换",
    "Mean derivative": "平均导数",
    "Mean |derivative|": "平均 |导数|",
    "Mean |derivative| x spread": "平均 |导数| × 标准差",
    Coefficients: "系数",
    "Coefficients x spread": "系数 × 标准差",
    "Split importance": "分裂重要性",
    Interaction: "交互作用",
    "Mean |attribution| where it occurs": "出现处的平均 |归因|",
    "Mean attribution where it occurs": "出现处的平均归因",
  },
  sentences: [
    ["Step {1} was not explained: {2}", "第 {1} 步未能解释：{*2}"],
    [
      "{1} steps were not explained, from step {2} to step {3}: {4}",
      "从第 {2} 步到第 {3} 步，有 {1} 步未能解释：{*4}",
    ],
    ["Step {1} has no explanation of pinned {2}: {3}", "第 {1} 步没有固定样例 {2} 的解释：{*3}"],
    [
      "{1} steps, from step {2} to step {3}, have no explanation of pinned {4}: {5}",
      "从第 {2} 步到第 {3} 步，有 {1} 步没有固定样例 {4} 的解释：{*5}",
    ],
    [
      "Training was taken up again at step {1}: what was told before from there on is forgotten.",
      "训练从第 {1} 步重新开始：此前从该步起的记录已被舍弃。",
    ],
    [
      "No metric told of validation, so no alarm could come: tell one by a name such as eval_accuracy, or give ll.track validation= its name.",
      "没有指标反映验证情况，因此无法发出警报：请用 eval_accuracy 之类的名称报告一个指标，或在 ll.track 的 validation= 中给出它的名称。",
    ],
    [
      "At step {1} all attributions of {2} of {3} examples are 0: they have no evidence.",
      "在第 {1} 步，{3} 个样例中有 {2} 个的归因全部为 0：它们没有任何依据。",
    ],
    [
      "At step {1} all attributions of {2} of {3} examples are 0: a probability that is certain has no slope. Take output='logit'.",
      "在第 {1} 步，{3} 个样例中有 {2} 个的归因全部为 0：已经确定的概率没有斜率。请使用 output='logit'。",
    ],
    [
      "A board can't be written to, and lacks some records: {1}",
      "无法写入 TensorBoard 或 W&B，其中缺少一些记录：{1}",
    ],
    ["A function in `changed` failed: {1}", "`changed` 中的一个函数失败：{1}"],
    [
      "The log is damaged at byte {1}: what comes after that is left out.",
      "日志在第 {1} 字节处已损坏：其后的内容已略去。",
    ],
    ["The log's last record was cut off, and is left out.", "日志的最后一条记录不完整，已略去。"],
    [
      "Explaining took {1} of the training's own time, and not {2} at most: the last weights are explained however short a training was.",
      "解释用了训练本身时间的 {1}，超过了 {2}：无论训练多短，最后的权重都会解释。",
    ],
    [
      "No metric named {1} was told, so no alarm could come. Those that were: {2}.",
      "没有收到名为 {1} 的指标，因此不会有警报。收到的有：{2}。",
    ],
    [
      "Shortcut alarms compare features by name, and these pictures have none in common: give ll.image_model segments= that cut all pictures alike, and their regions are compared.",
      "捷径警报按名称比较特征，而这些图片没有共同的特征：给 ll.image_model 一个对所有图片都相同的 segments=，即可比较各区域。",
    ],
    [
      "Shortcut alarms need a feature that is in {1} examples, and none is: give more examples, that have words or columns in common.",
      "捷径警报需要一个至少出现在 {1} 个样例中的特征，而这里没有：请给出更多含有相同的词或列的样例。",
    ],
    [
      "The model that is trained has no part in common with the one that is explained: if it was made anew, as with model_init=, give ll.track the Trainer itself.",
      "正在训练的模型与被解释的模型没有共同的部分：如果它是重新创建的（例如用 model_init=），请把 Trainer 本身交给 ll.track。",
    ],
    [
      "tracking needs all weights in the process that explains, and under {1} each process has a part of them: train with DDP or ZeRO-2, or save checkpoints and hold them against one another by ll.compare",
      "跟踪需要负责解释的进程持有全部权重，而在 {1} 下每个进程只有一部分：请用 DDP 或 ZeRO-2 训练，或保存检查点，用 ll.compare 相互比较",
    ],
    [
      "This training has several processes and goes on after the stop: only explaining has ended.",
      "此训练有多个进程，停止之后训练仍会继续：结束的只是解释。",
    ],
    [
      "Step {1} was not explained: by then the model had its best weights again.",
      "第 {1} 步未能解释：那时模型已换回最佳权重。",
    ],
    ["Training failed after step {1}: {2}: {3}", "训练在第 {1} 步之后失败：{2}：{*3}"],
    ["The log can't be written, and lacks some records: {1}.", "无法写入日志，其中缺少一些记录：{1}。"],
    ["{1}; use shapley", "{*1}；可改用 shapley"],
    ["{1}; use lime", "{*1}；可改用 lime"],
    ["{1}; use integrated_gradients", "{*1}；可改用 integrated_gradients"],
    ["{1}; use path_dependent=True, or shapley", "{*1}；可改用 path_dependent=True，或 shapley"],
    ["the mean of all embeddings", "所有嵌入的平均"],
    ["{1} can't run here: {2}", "{1} 在此无法运行：{*2}"],
    [
      "Absent features take their values from {1} of {2} background rows.",
      "隐去的特征取自 {2} 个背景样本中的 {1} 个。",
    ],
    [
      "Absent features take their values from {1} rows made up of the model's own bins, each column by itself, as no background was given.",
      "隐去的特征取自 {1} 行数据；未提供背景样本，这些行由模型自身的分箱逐列生成。",
    ],
    ["Absent features take their values from {1} background rows.", "隐去的特征取自 {1} 个背景样本。"],
    ["Absent features take their values from {1} background row.", "隐去的特征取自 {1} 个背景样本。"],
    [
      "Values are drawn within the quartiles of {1} background rows, as the lime package draws them.",
      "各值按 lime 包的做法，在 {1} 个背景样本的四分位区间内抽取。",
    ],
    [
      "The model reads the first {1} tokens: {2} words after them are not seen.",
      "模型只读前 {1} 个词元：其后的 {2} 个词看不到。",
    ],
    [
      "The model reads the first {1} tokens: 1 word after them is not seen.",
      "模型只读前 {1} 个词元：其后的 1 个词看不到。",
    ],
    [
      "The model reads the last {1} tokens; words before them, which it does not see: {2}.",
      "模型只读最后 {1} 个词元：此前的 {2} 个词看不到。",
    ],
    ["Explained is the label of {1}, {2} {3} counted from 0.", "解释的是 {1}（从 0 数起第 {3} 个）的标签。"],
    [
      "Explained is the label of {1}, {2} {3} counted from 0. It comes {4} times: the other by index, {5}.",
      "解释的是 {1}（从 0 数起第 {3} 个）的标签。它出现 {4} 次，另一个的序号为 {5}。",
    ],
    [
      "Explained is the label of {1}, {2} {3} counted from 0. It comes {4} times: the others by index, {5}.",
      "解释的是 {1}（从 0 数起第 {3} 个）的标签。它出现 {4} 次，其余的序号为 {5}。",
    ],
    ["The picture's transparent parts were laid over white.", "图片的透明部分已铺上白底。"],
    [
      "Hiding by {1} changes nothing in this picture, so methods that hide segments find no more than rounding: give hide= a colour that it does not have.",
      "以 {1} 隐去对这张图片没有任何改变，因此隐去区域的方法得到的只是舍入误差：请在 hide= 中给出图片没有的颜色。",
    ],
    ["It is shown as it was found: there is no model behind it to ask.", "按原样显示：没有可供调用的模型。"],
    [
      "What its numbers are of, probabilities or something else, is not known: output_space= can say it.",
      "不清楚这些数值对应概率还是别的量：可用 output_space= 指明。",
    ],
    [
      "It is shown as the file has it: there is no model behind it to ask, and no perturbations.",
      "按文件内容显示：没有可供调用的模型，也没有扰动。",
    ],
    [
      "lime chose {1} of {2} {3}: the others have no number here.",
      "lime 只从 {2} 个特征中选了 {1} 个：其余在此没有数值。",
    ],
    ["a shap.Explanation", "shap.Explanation"],
    ["a lime Explanation", "lime 的 Explanation"],
    ["an InterpretML explanation", "InterpretML 的解释"],
    ["captum's attributions", "captum 的归因"],
    ["an array", "数组"],
    ["a .csv file", ".csv 文件"],
    [
      "several columns make one feature: their values were found one by one and summed",
      "有的特征由多列组成：各列的值是分别求得再相加的",
    ],
    [
      "so far {1} of {2} windows were hidden: the rest is shown as zero",
      "目前已遮挡 {2} 个窗口中的 {1} 个：其余显示为零",
    ],
    [
      "the tokenizer has neither a mask nor a padding token: {1} stands for absent words",
      "分词器既没有掩码词元，也没有填充词元：以 {*1} 代表隐去的词",
    ],
    [
      "the embedding of the {1} token is all zeros, where a layer norm's gradient means little: a baseline of another token may be better",
      "{1} 词元的嵌入全为零，层归一化在那里的梯度意义不大：换用其他词元作基线可能更好",
    ],
    [
      "{1}: these numbers are categories, whose gradient says what a little more of one would do; shapley exchanges whole categories",
      "{1}：这些数字是类别，而梯度说的是数值稍增会怎样；shapley 会整体替换类别",
    ],
    [
      "the values of deep_lift miss the change of the output by {1} of their sum, by rounding: use the model in float32",
      "deep_lift 的各值与输出的变化相差其总和的 {1}，由舍入造成：请以 float32 使用模型",
    ],
    [
      "the values of deep_lift miss the change of the output by {1} of their sum: something that the model does is hidden from it",
      "deep_lift 的各值与输出的变化相差其总和的 {1}：模型的某些运算对它不可见",
    ],
    [
      "the values miss the change of the output by {1} of their sum: raise n_samples",
      "各值与输出的变化相差其总和的 {1}：请增大 n_samples",
    ],
    [
      "the values miss the change of the output by {1} of their sum: raise n_samples for more points; if it stays, the model jumps or rounds its input",
      "各值与输出的变化相差其总和的 {1}：请增大 n_samples，以取更多的点；若仍如此，则模型有跳变，或对输入做了舍入",
    ],
    [
      "the values miss the change of the output by {1} of their sum: half precision rounds too much for them, use model.float()",
      "各值与输出的变化相差其总和的 {1}：半精度舍入过多，请用 model.float()",
    ],
    [
      "the values miss the change of the output by {1} of their sum, by more than chance: the model jumps, or rounds",
      "各值与输出的变化相差其总和的 {1}，超出随机误差：模型有跳变，或有舍入",
    ],
    [
      "the output has no gradient by any cell of the feature map, so all values are 0: a probability may be too near to 0 or 1, which output='logit' avoids, or a transformer reads the class token alone after this layer",
      "输出对特征图的任何一格都没有梯度，因此所有值为 0：可能是概率太接近 0 或 1（用 output='logit' 可避免），也可能是 Transformer 在这一层之后只读取类别词元",
    ],
    [
      "{1} keeps a number that depends on the input from the gradient (detach or no_grad): no relevance passes there",
      "{1} 用 detach 或 no_grad 截断了一个依赖于输入的数的梯度：相关性无法从那里通过",
    ],
    ["{1} should be a number; {2} came", "{1} 应为数字；得到的是 {2}"],
    [
      "{1} should be a real number; {2} came: give its .real or its size",
      "{1} 应为实数；得到的是 {2}：请给出它的 .real 或它的模",
    ],
    ["{1} should be a date, such as '2024-05-31'; {2} came", "{1} 应为日期，例如 '2024-05-31'；得到的是 {2}"],
    [
      "{1} should be a date without a time zone, as in the background; {2} came: give its .tz_localize(None)",
      "{1} 应为不带时区的日期，与背景样本一致；得到的是 {2}：请给出它的 .tz_localize(None)",
    ],
    ["{1} should be a duration, such as '3 days'; {2} came", "{1} 应为时长，例如 '3 days'；得到的是 {2}"],
    [
      "{1} is missing (NaN), and no background row lacks it: fill it in, or give background rows with NaN there if the model accepts it",
      "{1} 缺失（NaN），而背景样本都有这一项：请填上；若模型接受缺失，可提供该项为 NaN 的背景样本",
    ],
    [
      "{1} holds {2}, which no background row has: choose one of {3}{4}; or add a row with it to the background",
      "{1} 的值 {2} 在背景样本中没有：请从 {3}{4} 中选择，或在背景中加入有该值的样本",
    ],
    [
      "{1} is a group: hide it, or explain without groups to edit its values",
      "{1} 是一组特征：可以将其隐去；若要改动其中的值，请不分组重新解释",
    ],
    ["there is no feature {1}: the row has {2}, counted from 0", "没有特征 {1}：这一行有 {2} 个，从 0 数起"],
    [
      "a picture's segments have no values to edit: hide them instead",
      "图片的区域没有可改动的值：请改为将其隐去",
    ],
    [
      "a text has no values to edit: hide some of its words, or explain another text",
      "文本没有可改动的值：请隐去其中一些词，或解释另一段文本",
    ],
    [
      "features can't be hidden under discretize='quartile': give them other values instead",
      "在 discretize='quartile' 下不能隐去特征：请改动它们的值",
    ],
    [
      "there is no model behind these numbers: call explain with the model",
      "这些数值背后没有模型：请用模型调用 explain",
    ],
    [
      "loaded from a file: there is no model to ask; explain again with the model",
      "从文件加载：没有可供调用的模型；请用模型重新解释",
    ],
    [
      "the kernel did not answer: run the cell again, or wait until it is free",
      "内核没有回应：请重新运行该单元格，或等它空闲",
    ],
    [
      "needs a neighborhood of its own: this one was drawn for lime(discretize='quartile')",
      "需要自己的邻域：现有的邻域是为 lime(discretize='quartile') 抽取的",
    ],
    ["was not computed before this page was saved", "在保存此页面之前没有计算过"],
    [
      "{1} was computed for {2} and not for {3}: explain again with the model for that",
      "{1} 只对 {2} 计算过，未对 {3} 计算：请用模型重新解释",
    ],
    ["{1} has no rule for {2}, in {3}", "{1} 没有适用于 {2} 的规则（位于 {3}）"],
    ["{1} can't look into {2}, which TorchScript compiled", "{1} 无法查看 {2} 的内部：它由 TorchScript 编译"],
    [
      "{1} can't look into the function that computes {2}: it is compiled, or has a derivative of its own",
      "{1} 无法查看计算 {2} 的函数内部：它是编译过的，或自带导数",
    ],
    [
      "deep_lift compares the model's calls for the input with those for the baseline, and they differ, from {1} on",
      "deep_lift 要对照模型处理输入与处理基线时的各次调用，而两者从 {1} 起不同",
    ],
    [
      "grad_cam needs a convolutional layer{1}: this model has none",
      "grad_cam 需要 torch 的卷积层：这个模型没有",
    ],
    [
      "linear_shap needs columns that are each made of one feature, and {1} is given others",
      "linear_shap 要求每一列只来自一个特征，而 {1} 的输入并非如此",
    ],
    [
      "linear_shap needs a linear or logistic model of scikit-learn, and this is {1}",
      "linear_shap 需要 scikit-learn 的线性模型或逻辑回归，而这是 {1}",
    ],
    [
      "tree_shap needs decision trees (of scikit-learn, xgboost, lightgbm or catboost) whose sum or mean is the answer, and this is {1}",
      "tree_shap 需要以决策树之和或平均作为输出的模型（scikit-learn、xgboost、lightgbm 或 catboost），而这是 {1}",
    ],
    [
      "tree_shap needs columns of numbers, each made of one feature",
      "tree_shap 需要数值列，且每一列只来自一个特征",
    ],
    ["{1} is given columns that hold no numbers", "{1} 收到的列里没有数值"],
    [
      "a step before the last makes columns of several features (seen at row {1})",
      "最后一步之前的某一步把多个特征合成了列（在第 {1} 行发现）",
    ],
    ["{1} has no closed form in this space", "{1} 在这个空间里没有解析解"],
    ["it is not known what {1} does with missing values", "不清楚 {1} 如何处理缺失值"],
    [
      "row {1} has missing values, and it is not known what {2} does with them",
      "第 {1} 行有缺失值，而不清楚 {2} 如何处理缺失值",
    ],
    ["the values of row {1} do not add up to what {2} answers", "第 {1} 行的归因之和与 {2} 的输出不符"],
    ["{1} is no logistic regression", "{1} 不是逻辑回归"],
    ["{1} features have too many coalitions", "{1} 个特征的组合太多"],
    ["the probabilities of {1} are not those of its linear sum", "{1} 的概率与其线性和算出的不符"],
    [
      "shap reads scikit-learn's GradientBoostingClassifier of two classes only",
      "shap 只能读取两个类别的 scikit-learn GradientBoostingClassifier",
    ],
    [
      "shap has background rows of catboost models with one plain sum only",
      "对于 catboost，shap 只在模型输出单个总和时支持背景样本",
    ],
    [
      "shap has background rows of columns of numbers only, and {1}: categories",
      "shap 的背景样本只支持数值列，而 {1} 是类别",
    ],
    [
      "shap reads the trees of xgboost's dart without their weights",
      "shap 读取 xgboost dart 的树时会丢掉树的权重",
    ],
    ["shap can't read this {1}: {2}: {3}", "shap 无法读取这个 {1}：{2}：{3}"],
    [
      "values of its trees and their base miss the answer of this {1} by {2}: it is misread, or it answers with more than their sum",
      "由树求得的各值加基准值与这个 {1} 的输出相差 {2}：可能是误读了模型，或者它的输出不只是树的总和",
    ],
    [
      "its terms and their base miss the answer of this {1} by {2}: it is misread, or it answers with more than their sum",
      "各加性项加基准值与这个 {1} 的输出相差 {2}：可能是误读了模型，或者它的输出不只是这些项的总和",
    ],
    [
      "trees split by a column that an earlier step makes and that is alike in all rows: it can't be told which feature it is made of",
      "树按前面步骤生成的一列来分裂，而该列在所有行中都相同：无法判断它来自哪个特征",
    ],
    [
      "path-dependent values need decision trees (of scikit-learn, xgboost, lightgbm or catboost), and this is {1}",
      "沿树的路径求值需要决策树模型（scikit-learn、xgboost、lightgbm 或 catboost），而这是 {1}",
    ],
    [
      "path-dependent values need columns of numbers, each made of one feature",
      "沿树的路径求值需要数值列，且每一列只来自一个特征",
    ],
    [
      "the trees of this {1} can't be read behind a Pipeline's steps",
      "这个 {1} 在 Pipeline 的步骤之后，无法读取它的树",
    ],
    ["there are {1} sums of trees, and answers of shape {2}", "树的总和有 {1} 个，而输出的形状是 {2}"],
    [
      "path-dependent values and their base miss what the trees sum to by {1}: they are misread, or the answer is more than their sum",
      "沿树的路径求得的各值加基准值与树的总和相差 {1}：可能是误读了树，或者输出不只是树的总和",
    ],
    [
      "additive needs an explainable boosting machine of interpret, and this is {1}",
      "additive 需要 interpret 的可解释提升机（EBM），而这是 {1}",
    ],
    [
      "additive needs an explainable boosting machine of interpret that is given the features themselves, and steps of a Pipeline come before this one",
      "additive 需要直接以特征为输入的 interpret 可解释提升机（EBM），而这个模型之前还有 Pipeline 的步骤",
    ],
    ["weights can be made random in a torch model only", "只有 torch 模型的权重可以变为随机"],
    [
      "features can't be hidden under discretize='quartile', and this metric hides them: explain without discretize",
      "discretize='quartile' 下不能隐去特征，而该指标需要隐去特征：请在解释时去掉 discretize",
    ],
    [
      "a text has no nearby inputs: its words can't be changed a little",
      "文本没有邻近的输入：词不能略微改动",
    ],
    [
      "no nearby input differs from this one: none of its numbers can be moved within a range",
      "没有与此输入不同的邻近输入：其中没有数值可在某个范围内变动",
    ],
    [
      "values of {1} don't add up to the prediction, and need not: they have no completeness gap",
      "{1} 的各值相加不等于预测，也不必相等：没有完备性误差",
    ],
    ["{1} is for {2}, and this is {3} {4}", "{1} 适用于 {2}，而这里是 {4}"],
    [
      "the model returned NaN or infinity for {1} of {2} perturbed inputs: every output must be a finite number; check it on an input with parts hidden",
      "{2} 个扰动输入中，模型对 {1} 个返回了 NaN 或无穷大：每个输出都必须是有限的数；请用隐去一部分的输入检查模型",
    ],
    [
      "the model's gradients or outputs are NaN or infinite here, so there are no attributions: check it on this input, in float32",
      "模型的梯度或输出在此为 NaN 或无穷大，得不到归因：请在这个输入上以 float32 检查模型",
    ],
    [
      "the model raised {1}: {2}. {3} asks it with gradients: check that it can be called so, or use shapley or lime, which only ask it",
      "模型报错 {1}：{2}。{3} 要对模型求梯度：请确认模型可以这样调用，或改用只需调用模型的 shapley 或 lime",
    ],
    [
      "the model raised {1}: {2}. {3} asks it about changed inputs, with gradients where it needs them",
      "模型报错 {1}：{2}。{3} 用改动过的输入调用模型，需要时还要求梯度",
    ],
    [
      "the model raised {1}: {2}. It was asked about the input whole and with parts hidden: check that it accepts both",
      "模型报错 {1}：{2}。模型既被问到完整的输入，也被问到隐去一部分的输入：请确认两者它都接受",
    ],
    ["the model raised {1}: {2}", "模型报错 {1}：{2}"],
    [
      "coefficients need a linear or logistic model of scikit-learn",
      "系数需要 scikit-learn 的线性或逻辑回归模型",
    ],
    ["The change of the log-odds with one unit more of the column.", "该列增加一个单位时，对数几率的变化。"],
    ["The change of the margin with one unit more of the column.", "该列增加一个单位时，间隔的变化。"],
    ["The change of the value with one unit more of the column.", "该列增加一个单位时，输出值的变化。"],
    [
      "The change of the log-odds with one standard deviation more of the column.",
      "该列增加一个标准差时，对数几率的变化。",
    ],
    [
      "The change of the margin with one standard deviation more of the column.",
      "该列增加一个标准差时，间隔的变化。",
    ],
    [
      "The change of the value with one standard deviation more of the column.",
      "该列增加一个标准差时，输出值的变化。",
    ],
    [
      "coefficients need steps that act on each column alone, and {1} is mixed with others",
      "系数要求前面的步骤逐列处理，而 {1} 与其他列混在了一起",
    ],
    [
      "{1}: there is no one coefficient, and its spread is without a sign.",
      "{1}：没有单一的系数，其离散程度不带正负号。",
    ],
    [
      "By how much the prediction changes when the column's values are shuffled among rows that are alike.",
      "在相似的行之间打乱该列的值时，预测改变多少。",
    ],
    [
      "By how much {1} rises when the column's values are shuffled among rows that are alike.",
      "在相似的行之间打乱该列的值时，{*1}升高多少。",
    ],
    [
      "By how much the prediction changes when the column's values are shuffled among rows.",
      "在各行之间打乱该列的值时，预测改变多少。",
    ],
    [
      "By how much the prediction changes when columns that go together are shuffled together.",
      "把相关的列一起打乱时，预测改变多少。",
    ],
    [
      "By how much {1} rises when the column's values are shuffled among rows.",
      "在各行之间打乱该列的值时，{*1}升高多少。",
    ],
    [
      "By how much {1} rises when columns that go together are shuffled together.",
      "把相关的列一起打乱时，{*1}升高多少。",
    ],
    [
      "Without y, it is measured how far the prediction moves, and not whether it gets worse.",
      "没有给出 y，因此衡量的是预测移动多远，而不是它是否变差。",
    ],
    ["Permutation importance is of {1} of {2} rows.", "置换重要性取自 {2} 行中的 {1} 行。"],
    [
      "{1} and {2} go together (association {3}), and so do columns of {4} pairs in all: shuffling one alone makes rows that don't occur.",
      "{1} 与 {2} 相关（关联度 {3}），这样的列共有 {4} 对：单独打乱其中一列会造出不存在的行。",
    ],
    [
      "{1} and {2} go together (association {3}): shuffling one alone makes rows that don't occur.",
      "{1} 与 {2} 相关（关联度 {3}）：单独打乱其中一列会造出不存在的行。",
    ],
    [
      "The mean change of the output with one unit more of the feature.",
      "特征增加一个单位时，输出的平均变化。",
    ],
    [
      "The mean size of the output's change with one unit more of the feature, or from level to level.",
      "特征增加一个单位，或从一个类别换到另一个类别时，输出变化的平均大小。",
    ],
    [
      "The mean size of the output's change with the feature, times the feature's standard deviation.",
      "输出随特征变化的平均大小，乘以该特征的标准差。",
    ],
    [
      "Derivatives are differences, each way over a tenth of the column's standard deviation, and over 1 at least where it holds whole numbers.",
      "导数由差分求得：向两侧各移动该列标准差的十分之一；该列为整数时至少移动 1。",
    ],
    [
      "Of categories, it is what an exchange of one level for another changes.",
      "对于类别，它是一个类别换成另一个时的变化。",
    ],
    ["Derivatives are of {1} of {2} rows.", "导数取自 {2} 行中的 {1} 行。"],
    ["Interactions are of {1} features at {2} of {3} rows.", "交互作用取自 {1} 个特征，{3} 行中的 {2} 行。"],
    [
      "H2 of some pairs is a large share of very little: read their strength instead.",
      "有些特征对的 H2 虽大，但所占的总量很小：请改看其强度。",
    ],
    [
      "How much of the output is no sum of what the feature does and what the others do: root mean square, in the output's units.",
      "输出中有多少不能写成该特征的作用与其他特征的作用之和：均方根，单位与输出相同。",
    ],
    ["the log loss", "对数损失"],
    ["the hinge loss of the margins", "间隔的合页损失"],
    ["the error rate", "错误率"],
    ["one minus the area under the ROC curve", "一减 ROC 曲线下面积"],
    ["the squared error", "平方误差"],
    ["the absolute error", "绝对误差"],
    ["Each feature's share of the variance of the predictions.", "每个特征在预测方差中所占的份额。"],
    [
      "By how much {1} falls from no feature to all, shared out among them.",
      "从没有特征到全部特征，{*1}降低多少，分摊给各特征。",
    ],
    ["SAGE is of {1} of {2} rows.", "SAGE 取自 {2} 行中的 {1} 行。"],
    [
      "Means over {1} background rows leave a small bias in SAGE of this loss.",
      "对 {1} 个背景样本取平均，会使这种损失的 SAGE 略有偏差。",
    ],
    [
      "split importance needs an ensemble of trees that keeps what its splits gained",
      "分裂重要性需要保留了分裂增益的树集成模型",
    ],
    [
      "split importance is of {1} columns, and the trees are given {2}",
      "分裂重要性有 {1} 列，而树的输入有 {2} 列",
    ],
    [
      "Absent features' splits are taken both ways, weighted by the training rows that went there; other methods take absent features' values from background rows.",
      "隐去的特征在分裂处两边都走，按经过的训练样本加权；其他方法则从背景样本取值。",
    ],
    [
      "Absent features' splits are taken both ways, weighted by the training rows that went there.",
      "隐去的特征在分裂处两边都走，按经过的训练样本加权。",
    ],
    [
      "Attributions are the model's own terms, which are centred on the rows that it was fitted to.",
      "归因就是模型自身的各项，以其训练样本为中心。",
    ],
    [
      "This is the column's own term in the model, with how far the model's bags are apart; what it does in pairs of columns is not in it.",
      "这是该列在模型中自己的项，并给出模型各次装袋之间的差异；它在列对中的作用不在其中。",
    ],
    ["Partial dependence is of {1} rows drawn from {2}.", "部分依赖取自 {2} 行中抽取的 {1} 行。"],
    ["{1} rows have no value here.", "{1} 行在此没有值。"],
    ["All rows have one value here: there are no local effects.", "所有行在此取值相同：没有局部效应。"],
    [
      "Local effects go through categories in an order of likeness: next to each other are those whose rows are alike.",
      "局部效应按相似度依次经过各类别：相邻的类别，其样本也相近。",
    ],
    [
      "How large attributions are on the mean, in the output's units, without what the estimator's noise adds to them.",
      "归因的平均大小，单位与输出相同，已扣除估计噪声的影响。",
    ],
    ["How large attributions are on the mean, in the output's units.", "归因的平均大小，单位与输出相同。"],
    [
      "The errors of these attributions are not known, so importance is not corrected for noise and has no intervals.",
      "这些归因的误差未知，因此重要性未扣除噪声，也没有区间。",
    ],
    [
      "How large a word's attributions are in the texts that have it: the mean of |attribution|, in the output's units, with its interval over texts.",
      "词在出现的文本中归因的大小：平均 |归因|，单位与输出相同，区间针对文本。",
    ],
    [
      "Which way a word moves the output in the texts that have it: the mean attribution, in the output's units, with its interval over texts.",
      "词在出现的文本中使输出变化的方向：平均归因，单位与输出相同，区间针对文本。",
    ],
    ["Explained are {1} rows drawn from {2}.", "解释了 {2} 行中抽取的 {1} 行。"],
    [
      "Infinite numbers are shown as missing, as no axis holds them: {1}.",
      "无穷大的数无法画在轴上，显示为缺失：{1}。",
    ],
    [
      "Explained are {1} of the {2} {3} that were to be, as there were {4} seconds: seconds=None explains all of them.",
      "计划解释 {2} 个输入，因限时 {4} 秒，只解释了 {1} 个：seconds=None 会全部解释。",
    ],
    [
      "Measured by {1} of the {2} {3} that were to be, as there were {4} seconds: seconds=None takes all of them.",
      "计划使用 {2}（行或次求值），因限时 {4} 秒，只用了 {1}：seconds=None 会全部使用。",
    ],
    [
      "label={1} can't be found: the index of these data only counts their rows. Give a position from 0 to {2}",
      "找不到标签 {1}：这些数据的索引只是行号，请给出 0 到 {2} 之间的位置",
    ],
    [
      "label={1} is that of {2} rows: give the position of the one that is meant",
      "标签 {1} 对应 {2} 行：请给出所指那一行的位置",
    ],
    ["label={1} is in the index of no row here: labels are {2}", "没有标签为 {1} 的行：标签有 {2}"],
    [
      "row={1} is no row of these data: give a position from 0 to {2}; the row that is labelled so is meant by label={3}",
      "没有位置为 {1} 的行：请给出 0 到 {2} 之间的位置；标签为此的行请用 label={3}",
    ],
    [
      "row={1} is no row of these data: give a position from 0 to {2}",
      "没有位置为 {1} 的行：请给出 0 到 {2} 之间的位置",
    ],
    ["Explained are {1} texts drawn from {2}.", "解释了 {2} 个文本中抽取的 {1} 个。"],
    ["Explained are {1} images drawn from {2}.", "解释了 {2} 张图像中抽取的 {1} 张。"],
    ["Texts that hold no word are left out: {1}.", "不含词的文本未计入：{1} 个。"],
    ["Words that are in fewer than {1} texts are not listed.", "出现在少于 {1} 个文本中的词未列出。"],
    ["Listed are the {1} words with the largest attributions.", "列出了归因最大的 {1} 个词。"],
    [
      "These columns go together (association above {1}): {2}. Read their importance together: how a model shares it among them may be an accident, and changing one alone asks about rows that can't be.",
      "这些列彼此关联（关联度高于 {1}）：{2}。请合起来看它们的重要性：模型在它们之间如何分配可能出于偶然，而只改变其中一列，问的是不会出现的行。",
    ],
    [
      "Split importance is of the rows that the trees were fitted with, and prefers columns with many different values: permutation importance does neither.",
      "分裂重要性来自训练树时所用的行，并且偏向取值多的列；置换重要性没有这两个问题。",
    ],
    [
      "The column's share of what all splits gained while the trees were fitted.",
      "训练树时所有分裂的增益中，该列所占的份额。",
    ],
    ["split importance needs steps that make numbers of columns", "分裂重要性要求前面的步骤把列变成数字"],
    [
      "split importance needs steps that act on each column alone, and one mixes some of them",
      "分裂重要性要求前面的步骤逐列处理，而其中一步混合了若干列",
    ],
  ],
  between: "；",
  sentence: (text) => (/[。！？…]$/.test(text) ? text : `${text}。`),
  percent: (number) => `${number}%`,
  given: (name) =>
    name
      .replace(/^(segment|picture) (\d+)$/, (_, what, i) => `${what === "segment" ? "区域" : "图片"} ${i}`)
      .replace(/^row (\d+)$/, "第 $1 行"),

  card: {
    explanation: (model) => `${model} 的解释`,
    comparison: (names) => `对比：${names.join("、")}`,
    notes: "说明",
    terms: "这些词的含义",
    asking: "正在调用模型",
    ended: (state) => `解释${STATES[state] ?? state}`,
    damaged: (where) => `此视图的数据已损坏，无法显示（${where}）。请重新运行该单元格，或重新获取文件。`,
    failed: (n, message, kept) =>
      `评估 ${count(n)} 次后中止：${message}${kept ? "\n此前的结果已保留，仍在显示。" : ""}`,
  },

  noKernel: {
    missing: (method, output) =>
      `尚未对 ${output} 计算${spaced(method)}，也没有内核可以计算：请重新运行该单元格`,
    ended: (state, missing) =>
      (missing ? "尚未计算；" : state === "running" ? "" : `${STATES[state] ?? state}；`) + NO_KERNEL,
    more: NO_KERNEL,
    whatIf: "没有内核，无法调用模型：请重新运行该单元格后再试",
    invites: (invitation) => invitation,
  },

  page: {
    missing: (method, output) => `保存此页面之前，尚未对 ${output} 计算${spaced(method)}`,
    ended: (_state, missing) => (missing ? "尚未计算；已保存的页面" : "已保存的页面：不能再调用模型"),
    more: "已保存的页面：不能再调用模型",
    whatIf: "保存此页面之前，没有就此调用过模型",
    invites: (invitation) => `${invitation}此页面只包含保存之前已得到的预测。`,
    cut: "文件不完整：此视图的数据有缺失。请重新获取该文件，或重新保存。",
    changed: "此视图的数据已损坏：页面保存之后，数据被改动过。请重新获取该文件，或重新保存。",
    lost: "文件不完整：缺少部分视图。请重新获取该文件，或重新保存。",
  },

  file: {
    missing: (method, output) => `保存之前，尚未对 ${output} 计算${spaced(method)}`,
    ended: (_state, missing) => (missing ? "尚未计算；从文件加载" : "从文件加载：不能再调用模型"),
    more: "从文件加载：不能再调用模型",
    whatIf: "保存之前，没有就此调用过模型",
    invites: (invitation) => `${invitation}文件只包含保存之前已得到的预测。`,
  },

  unfold: {
    more: (rest) => `还有 ${rest} 项`,
    some: (some, rest) => `还有 ${rest} 项，再显示 ${some} 项`,
    fewer: "收起",
  },

  outputs: {
    title: "要解释的输出",
    predicted: "模型的预测",
    chosen: (name) => `正在解释 ${name}`,
  },

  methods: {
    title: "方法",
    all: "全部方法",
    more: (n) => `全部 ${n} 种`,
    moreMethods: (n) => `全部 ${n} 种方法`,
    kinds: {
      perturbations: "基于同一批扰动：在这些方法之间切换，不必重新调用模型",
      passes: "基于模型的梯度",
      evaluations: "基于各自的评估，或直接来自模型",
    },
    unable: (label, reason) => `${label} 在此无法运行：${reason}`,
    chosen: (label) => `方法：${label}`,
    colon: "：",
  },

  tells: {
    lime: "在这个输入附近用线性模型拟合模型的输出，所得的系数。",
    shapley: `把预测公平地分摊给每个部分。${ADD_UP}`,
    banzhaf: "其他部分各以一半的概率出现时，该部分平均带来的变化。",
    occlusion: "只去掉这一部分时，输出损失多少。",
    windows: "用窗口逐处遮挡，窗口盖住这一部分时输出损失多少。",
    permutation_shapley: `按随机次序逐个加入各部分，该部分平均带来的变化。${ADD_UP}`,
    rise: "随机软掩码露出这一部分时，输出高出多少。不是份额。",
    tree_shap: `把预测公平地分摊给每个部分，由树结构直接算出。${ADD_UP}`,
    linear_shap: `把预测公平地分摊给每个部分，由权重直接算出。${ADD_UP}`,
    additive:
      "模型中每个部分自己的项，从截距加起，不用背景样本；两个特征共有的项平分。区间：模型各个袋之间相差多少。",
    saliency: `这一部分略微增大时，输出上升得多快。${SLOPES}`,
    saliency_of_text: `这个词的嵌入变动时，输出变动得多快（不论升降）。${LENGTHS}`,
    input_x_gradient: `斜率乘以输入本身的值。${SLOPES}`,
    integrated_gradients: "从基线到这个输入，沿途累积的斜率；相加等于输出的变化，只差少许误差。",
    smooth_grad: `斜率，在这个输入的多份加噪副本上取平均。${SLOPES}`,
    smooth_grad_of_text: `这个词的嵌入变动时，输出变动得多快（不论升降），在多份加噪副本上取平均。${LENGTHS}`,
    gradient_shap: "在基线与这个输入之间的随机点上累积的斜率；平均而言，相加等于输出的变化。",
    deep_lift: `把输出相对于基线的变化，逐层往回分摊。${ADD_UP}`,
    lrp: "把输出逐层往回分摊给产生它的各部分。",
    grad_cam: "某一层中使输出升高的通道在哪里激活：图较粗略，也不是份额。",
  },

  bars: {
    title: "归因",
    lowers: "\u2212 降低，",
    raises: (output) => `+ 提高：${output}`,
    reading: (name, value, amount) => `${name}${value && ` = ${value}`}：${amount}`,
    heard: (interval) => `，${interval}`,
    sizes: (kind, output) => `每个${PART[kind]}对“${output}”影响多大（不论升降）`,
    output: (name, space) => (space === "value" ? name : `${name} 的${spaced(SPACES[space] ?? space)}`),
    unknown: "区间未知",
    exact: (value) => `${value}，精确`,
    interval: (low, high) => `95% 区间：${low} 至 ${high}`,
  },

  marks,

  links: {
    title: "交互作用",
    beyond: "两个特征合起来的作用，超出各自单独作用的部分",
    label: (title, beyond) => `${title}：${beyond}`,
    and: " 与 ",
    pair: ([first, second], value, interval) => `${first} 与 ${second}：${value}，${interval}`,
  },

  text: {
    title: "文本",
    unseen: "模型看不到这部分",
    invitation: "点按一个词将其去掉，看预测如何变化。",
  },

  picture: {
    seen: "模型的输入",
    told: "起作用的部分",
    asking: "正在计算…",
    unable: "此处无法显示这张图片。",
    none: "尚无结果",
    places: ["左上", "上方", "右上", "左侧", "中间", "右侧", "左下", "下方", "右下"],
    part: (segment, place, value) => `${segment}（${place}）${value}`,
    counted: (output, parts) => `对 ${output} 起作用的部分：${parts.join("、")}`,
    invitation: "点按一个区域或它的条形将其去掉，看预测如何变化。",
    looks: "绘制方式",
    pixels: "像素",
    heat: "热力图",
    segments: "区域",
    outline: "轮廓",
    top: "主要区域",
    eachPixel: "逐像素，略加平滑",
    eachSegment: "按区域，各取其像素之和",
    opacity: "不透明度",
  },

  values: {
    invitation: "改动一个值，看预测如何变化。",
    edit: (value) => `${value}：改动它，看预测如何变化`,
    editNamed: (name, value) => `${name}，${value}：改动它，看预测如何变化`,
    group: (value) => `${value}：一组特征，一同隐藏；其中的值不能改动`,
    notNumber: "不是数字：未改动",
    empty: "空值：未改动",
  },

  whatIf: {
    asks: (invitation) => `${invitation}这会调用模型；条形图不变。`,
    changed: (n) => `已改动 ${n} 项：`,
    out: (n) => `已去掉 ${n} 项：`,
    asking: "正在调用模型…",
    back: "全部还原",
    restored: "已全部还原",
  },

  deck: {
    counts: {
      perturbations: ["扰动次数", "结果取自这个输入的多少个变体，每个变体隐去了一些部分"],
      passes: ["梯度计算次数", "为得到这个结果，对模型求了多少次梯度"],
      evaluations: ["评估次数", "为得到这个结果，调用了模型多少次"],
    },
    width: "核宽度",
    aboutWidth: (usual) =>
      `变体离这个输入多近才算数：窄则只看这个输入本身，宽则连隐去很多的变体也算。刻度处为默认值 ${usual}`,
    effectiveSamples: "有效样本数",
    aboutEffective: "按权重折算，相当于有这么多变体算数；要增加，请加大核宽度，或继续采样",
    usual: "，默认值",
    of: (n, limit) => `${count(n)} / ${count(limit)}`,
    first: (wanted, n) => `前 ${count(wanted)} / ${count(n)}`,
    evaluated: (wanted, n, limit) =>
      `已评估 ${count(n)} 次，取前 ${count(wanted)} 次，上限 ${count(limit)} 次`,
    asItWas: (method, n) => `${count(n)} 次时的 ${method} 结果`,
    fewer: "次数较少时的结果",
    complete: "已穷尽所有组合",
    enough: "已足够：不必再采样",
    pairsOnly: "继续采样只会改变交互作用",
    certain: "已足够：继续采样不会改变结果",
    left: "向左拖，看次数较少时的结果",
    allEvaluated: "已全部评估：向左拖，看次数较少时的结果",
    green: "绿色：已评估。拖过绿色部分，即可继续采样。",
    working: "正在计算…",
    effective: (effective, n, few) =>
      `有效样本数 ${count(effective)} / ${count(n)}${few ? "：太少，不可信" : ""}`,
    actions: { running: "停止", done: "继续采样", stopped: "继续", failed: "重试" },
    keep: "停下，保留已有结果",
    upTo: (limit) => `采样至 ${count(limit)} 次`,
    reset: "重置",
    aboutReset: "使用全部扰动和默认核宽度",
    wasReset: "滑块已重置",
  },

  foot: {
    fit: "拟合 R\u00b2",
    aboutFit: "在未用于拟合的扰动上，解释对模型输出的预测有多准：1 为完全准确",
    order: "前 5 名次序稳定度",
    aboutOrder: "最重要的五项次序正确的把握有多大",
    aboutWidest: "最宽的 95% 区间的一半，单位与输出相同",
    level: "（95%）",
    gap: "完备性误差",
    aboutGap: "各值之和本应等于输出的变化，此处为两者之差占各值绝对值之和的比例",
    aboutDrawn: "其余的扰动是在 Shapley 值最没把握处挑选的，用在这里会使权重失真",
    drawn: (method, read, n) => `${method} 只用 ${count(n)} 次中随机抽取的 ${count(read)} 次`,
    certain: ["精确", "没有任何随机成分，积分与求和也没有遗漏"],
    routes: {
      linear: COMPUTED,
      tree: COMPUTED,
      kernel: COMPUTED,
      "odd process": ["用高斯过程估计", SMOOTHED],
      regression: ["用回归估计", REGRESSED],
      "odd process and regression": [
        "用高斯过程与回归估计",
        `两者的加权平均，对未见数据预测越准权重越大：${SMOOTHED}；${REGRESSED}`,
      ],
    },
    opened: (source) => `来自${spaced(source)}`,
    complete: "精确：所有组合均已评估",
    busy: "等待中：内核正在运行另一个单元格",
    slow: "模型响应较慢，或有其他单元格正在运行…",
    asking: "正在调用模型…",
    streaming: (rate) => (rate ? `采样中，每秒 ${rate} 次` : "采样中"),
    ended: (state, time) => (STATES[state] ?? state) + (time && `，用时 ${time}`),
    seconds: (seconds) => `${seconds} 秒`,
    minutes: (minutes, seconds) => `${minutes} 分 ${seconds} 秒`,
    trace: (lines, from, to) => `最大的 ${lines} 个归因值，从 ${count(from)} 次到 ${count(to)} 次`,
    aboutTrace: "线条走平：结果已稳定；虚线使输出降低",
    line: (name, [from, to]) => `${name} 从 ${from} 到 ${to}`,
  },

  compare: {
    bars: (name) => `归因，${name}`,
    text: (name) => `文本，${name}`,
    picture: (name) => `起作用的部分，${name}：数值见下方条形图`,
    absent: "此处没有",
    reading: (value, amount) => (value ? ` = ${value}：${amount}` : ` ${amount}`),
    notHere: "：此处没有",
    said: (feature, readings) =>
      `${feature}：${readings.map(({ name, reading }) => `${name}${reading}`).join("；")}`,
    full: (reach) => `最深颜色：${reach}`,
    ownScales: "各列刻度不同：并非所有列的值相加都等于预测",
    someOwn: "值相加等于预测的各列共用一个刻度；其余各列各有刻度",
    oneScale: (reach, space) =>
      `共用刻度，最大 ${reach}${space === "value" ? "" : `（${SPACES[space] ?? space}）`}`,
    nothing: "没有共同的特征，无从对比",
    common: (kind) => `共有的${PARTS[kind]}`,
    aboutCommon: "两列都有的个数，与较长一列的总数",
    rank: "排序一致度",
    aboutRank: "绝对值的斯皮尔曼相关系数：1 为重要性次序完全相同，0 为毫无关系",
    shared: (top) => `前 ${top} 名相同`,
    aboutShared: (top) => `最重要的 ${top} 个特征中有几个相同`,
    both: (first, second) => `${first} 与 ${second}`,
    against: (first, second) => `${first} 对 ${second}`,
    between: "；",
    of: (common, of) => `${common} / ${of}`,
    range: (low, high) => `${low} 至 ${high}`,
    pairs: (n) => `共 ${n} 对`,
    none: "无",
    few: "太少",
    noOrder: "没有一对能排出次序",
    disagree: "正负相反：",
    differ: "符号不同：",
    apart: (between) => `符号不同：${between}`,
    comma: "、",
    andMore: (n) => `，另有 ${n} 项`,
  },
};

/** A space before Latin letters, and none before Chinese ones. @param {string} word */
function spaced(word) {
  return /^[\x20-\x7e]/.test(word) ? ` ${word}` : word;
}
