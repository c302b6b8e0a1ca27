// Charts of a page that has {% chart %}: load vendor/echarts before this. Figures come from a
// <script type="application/json">, colours from the tokens, re-read when the theme changes.
//   bars   {"labels": [...], "series": [{"name", "state": "met|late|run|none|brand", "values": [...]}]}  stacked;
//          with "links": [...] beside the values a bar opens into its rows
//   line   {"labels": [...], "values": [...], "goal": 95, "unit": "%", "from": 88, "to": 100}
//   pie    {"parts": [{"name", "value"}]}
const root = document.documentElement;
const css = (name) => getComputedStyle(root).getPropertyValue(`--zk-${name}`).trim();
const DOTS = { met: "met-dot", late: "late-dot", run: "run-dot", pause: "pause-dot", none: "none-dot", brand: "brand" };

function frame() {
  const text = { color: css("ink-3"), fontFamily: css("font"), fontSize: 11 };
  return {
    text,
    grid: { left: 4, right: 8, top: 10, bottom: 2, containLabel: true },
    axis: { axisLine: { lineStyle: { color: css("line-2") } }, axisTick: { show: false }, axisLabel: text },
    value: { type: "value", axisLabel: text, splitNumber: 3, splitLine: { lineStyle: { color: css("line") } } },
    // rich text: the tooltip's HTML would carry inline style, which the policy of the page forbids
    tip: { renderMode: "richText", trigger: "axis", backgroundColor: css("raised"), borderColor: css("line"), textStyle: { color: css("ink"), fontSize: 12 } },
  };
}

const KINDS = {
  bars(data) {
    const { grid, axis, value, tip } = frame();
    return {
      grid, tooltip: tip,
      xAxis: { type: "category", data: data.labels, ...axis },
      yAxis: { ...value, minInterval: 1 },
      series: data.series.map((one) => ({
        name: one.name, type: "bar", stack: "all", barMaxWidth: 14, data: one.values,
        itemStyle: { color: css(DOTS[one.state] || "brand") },
      })),
    };
  },
  line(data) {
    const { grid, axis, value, tip } = frame();
    const unit = data.unit || "";
    const series = [{
      type: "line", symbol: "none", data: data.values, lineStyle: { width: 2, color: css("brand") },
      itemStyle: { color: css("brand") }, areaStyle: { color: css("brand-soft") },
    }];
    if (data.goal !== undefined) {
      series.push({
        type: "line", symbol: "none", silent: true, data: data.labels.map(() => data.goal),
        lineStyle: { width: 1, type: "dashed", color: css("run-dot") }, tooltip: { show: false },
        endLabel: { show: true, formatter: `${data.goal}${unit}`, color: css("run"), fontSize: 11 },
      });
    }
    return {
      grid: { ...grid, right: data.goal === undefined ? 8 : 36 },
      tooltip: { ...tip, valueFormatter: (v) => `${v}${unit}` },
      xAxis: { type: "category", boundaryGap: false, data: data.labels, ...axis },
      yAxis: { ...value, min: data.from, max: data.to, scale: data.from === undefined },
      series,
    };
  },
  pie(data) {
    const { text, tip } = frame();
    return { tooltip: { ...tip, trigger: "item" }, series: [{ type: "pie", radius: ["55%", "80%"], data: data.parts, label: text }] };
  },
};

const drawn = new Map();
function draw() {
  for (const box of document.querySelectorAll("[data-chart]")) {
    const source = document.getElementById(box.dataset.source);
    const make = KINDS[box.dataset.chart];
    if (!source || !make || !window.echarts) continue;
    let chart = drawn.get(box);
    const data = JSON.parse(source.textContent);
    if (!chart) {
      drawn.set(box, (chart = window.echarts.init(box, null, { renderer: "canvas" })));
      chart.on("click", ({ seriesIndex, dataIndex }) => {
        const link = data.series?.[seriesIndex]?.links?.[dataIndex];
        if (link) location.assign(link);
      });
    }
    chart.setOption({ animation: false, ...make(data) }, true);
  }
}
addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
document.addEventListener("zk:theme", draw);
document.body.addEventListener("htmx:afterSettle", draw);
draw();
