#include "ser/report/page.h"

#include <algorithm>

#include "ser/corpus/display_name.h"

#include "report/charts/axis.h"
#include "report/epoch_panels.h"
#include "report/evaluation_panels.h"
#include "report/page/clip_list.h"
#include "report/page/html.h"
#include "report/page/intended_use.h"
#include "report/score_tables.h"

namespace ser::report {
namespace {

using charts::Panel;
using page::Html;

constexpr std::size_t kCurvesDrawn = 12;             // of an ensemble
constexpr std::size_t kWideMatrix = 12;              // classes from which on it needs the width
constexpr std::size_t kClassesInTable = 40;          // of the confusion matrix as a table
constexpr std::size_t kMostConfiguration = 200'000;  // bytes shown of a recipe

using Panels = std::vector<std::shared_ptr<const Panel>>;

Picture picture_of(const std::string& title, Panels panels) {
  return {title, {}, std::move(panels)};
}

std::string percent(double share) { return charts::number_text(100.0 * share, 1) + " %"; }

// One of the figures at the top.
void write_figure(Html& html, const std::string& name, const std::string& value,
                  const std::string& note) {
  html.raw("<li><span>").text(name).raw("</span><b>").text(value).raw("</b><span>").text(note);
  html.raw("</span></li>\n");
}

class PageWriter {
 public:
  PageWriter(const PageContent& content, const PageSound& sound, Html& html)
      : content_(content), sound_(sound), html_(html) {}

  void write() {
    write_protocol();
    if (content_.metrics) write_score();
    write_curves();
    if (content_.metrics) {
      write_confusion();
      write_classes();
      write_groups();
      write_calibration();
    }
    if (content_.stress) write_stress();
    write_tables();
    if (content_.metrics && content_.clips) write_wrong();
    write_model();
    write_use();
  }

 private:
  const eval::Intervals* intervals() const {
    return content_.intervals ? &*content_.intervals : nullptr;
  }

  std::string interval_note(std::string_view metric) const {
    if (!content_.intervals) return "";
    const auto interval = content_.intervals->find(metric);
    return interval ? percent(interval->low) + " to " + percent(interval->high) + " (" +
                          interval_heading(*content_.intervals) + ")"
                    : "";
  }

  void write_protocol() {
    html_.raw("<div class=\"protocol\"><strong>Protocol: ").text(content_.protocol);
    html_.raw("</strong>");
    html_.element("p", content_.statement).raw("</div>\n");
    for (const auto& text : content_.reservations) {
      html_.element("div class=\"warning\"", text).raw("\n");
    }
    html_.section("leaks", "Leak check").facts(content_.leak_check);
  }

  void write_score() {
    const auto& metrics = *content_.metrics;
    html_.section("score", "Score").element("p", "Of " + content_.scored + ".");
    html_.raw("<ul class=\"scores\">\n");
    write_figure(html_, "UAR", percent(metrics.uar), interval_note("uar"));
    write_figure(html_, "Accuracy", percent(metrics.accuracy), interval_note("accuracy"));
    write_figure(html_, "Macro F1", percent(metrics.macro_f1), interval_note("macro_f1"));
    write_figure(
        html_, "Clips", charts::number_text(static_cast<double>(metrics.clips), 0),
        charts::number_text(static_cast<double>(metrics.clips - right()), 0) + " labelled wrong");
    html_.raw("</ul>\n");
    if (content_.intervals) {
      html_.element("p class=\"faint\"", content_.intervals->statement).raw("\n");
    }
    Table table = overall_table(metrics, intervals());
    table.insert(table.begin(), {"Measure", "Value"});
    if (content_.intervals) table.front().push_back(interval_heading(*content_.intervals));
    table[1].resize(table[0].size());
    html_.raw("<details><summary>All measures</summary>\n").table(table).raw("</details>\n");
  }

  std::int64_t right() const { return content_.metrics->confusion.diagonal().sum(); }

  // Of those that had several epochs: some methods need none.
  void write_curves() {
    std::vector<const TrainingCurves*> drawn;
    for (const auto& curves : content_.curves) {
      if (curves.history.size() > 1) drawn.push_back(&curves);
    }
    if (drawn.empty()) return;
    html_.section("training", "Training over epochs, with the one that was chosen");
    html_.raw("<div class=\"charts\">\n");
    for (std::size_t i = 0; i < std::min(drawn.size(), kCurvesDrawn); ++i) {
      const auto& [name, history, best_epoch] = *drawn[i];
      const std::string id = "training-" + std::to_string(i + 1);
      const auto panels = epoch_panels(history, best_epoch);
      html_.chart(id + "-loss", name, picture_of("Loss over epochs", {panels.front()}));
      html_.chart(id + "-score", name, picture_of("Scores over epochs", {panels.back()}));
    }
    html_.raw("</div>\n");
    if (drawn.size() > kCurvesDrawn) {
      html_.element("p class=\"faint\"",
                    std::to_string(drawn.size() - kCurvesDrawn) + " more networks are not drawn.");
    }
  }

  void write_confusion() {
    const auto& metrics = *content_.metrics;
    const bool wide = metrics.classes.size() >= kWideMatrix;
    html_.section("confusion", "Confusion matrix");
    html_.chart("confusion", "Rows: true class. Clips, and below them their share of the row.",
                picture_of("Confusion matrix", {confusion_panel(metrics)}),
                wide ? Html::Size::kWide : Html::Size::kNarrow);
    if (metrics.classes.size() > kClassesInTable) return;
    html_.raw("<details class=\"confusion\"><summary>As a table")
        .raw(content_.clips ? "; a number lists its clips" : "");
    html_.raw("</summary>\n<div class=\"scroll\"><table><thead><tr><th>True class</th>");
    for (const auto& name : metrics.classes) html_.element("th", name);
    html_.raw("</tr></thead>\n<tbody>");
    for (std::size_t row = 0; row < metrics.classes.size(); ++row) {
      html_.raw("<tr>").element("td", metrics.classes[row]);
      for (std::size_t column = 0; column < metrics.classes.size(); ++column) {
        write_cell(row, column);
      }
      html_.raw("</tr>\n");
    }
    html_.raw("</tbody></table></div></details>\n");
  }

  void write_cell(std::size_t row, std::size_t column) {
    const auto& metrics = *content_.metrics;
    const auto count =
        metrics.confusion(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column));
    const std::string text = std::to_string(count);
    if (row == column) {
      html_.element("td class=\"right\"", text);
    } else if (count == 0 || !content_.clips) {
      html_.element("td", text);
    } else {
      html_.raw("<td><button type=\"button\" data-list=\"wrong\" data-true=\"");
      html_.text(metrics.classes[row]).raw("\" data-predicted=\"").text(metrics.classes[column]);
      html_.raw("\">").text(text).raw("</button></td>");
    }
  }

  void write_classes() {
    html_.section("classes", "By class").raw("<div class=\"charts\">\n");
    html_.chart("classes", "",
                picture_of("Recall by class", {class_panel(*content_.metrics, intervals())}));
    html_.raw("<div>").table(class_table(*content_.metrics, intervals())).raw("</div></div>\n");
  }

  void write_groups() {
    for (std::size_t i = 0; i < content_.groupings.size(); ++i) {
      const auto& grouping = content_.groupings[i];
      const std::string id = "groups-" + std::to_string(i + 1);
      html_.section(id, "By " + grouping.column).raw("<div class=\"charts\">\n");
      html_.chart(id, "", picture_of("UAR by group", {group_panel(grouping)}));
      html_.raw("<div>").table(grouping_table(grouping)).raw("</div></div>\n");
    }
  }

  void write_calibration() {
    html_.section("calibration", "How sure it is, and how often right");
    html_.facts(content_.calibration);
    if (!content_.clips || !content_.metrics->of_probabilities) return;
    const eval::ClipCounter counter(*content_.clips);
    html_.raw("<div class=\"charts\">\n");
    html_.chart("reliability",
                "Calibration error " + fixed(content_.metrics->of_probabilities->ece) +
                    ". On the line it is as often right as it is sure.",
                picture_of("Reliability", reliability_panels(counter)));
    html_.chart("coverage", "Errors if only the surest clips are answered.",
                picture_of("Risk against coverage",
                           {coverage_panel(counter, content_.metrics->of_probabilities->aurc)}));
    html_.raw("</div>\n");
  }

  void write_stress() {
    html_.section("stress", "Under stress");
    html_.chart("stress", "The same clips in noise, filtered, clipped and so on.",
                picture_of("Under stress", {stress_panel(*content_.stress)}), Html::Size::kWide);
    Table table = {{"Condition", "UAR", "Change", "Unchanged"}};
    for (const auto& [condition, metrics, change] : content_.stress->results) {
      table.push_back({std::string(condition.name) + ": " + std::string(condition.description),
                       fixed(metrics.uar), fixed(change), fixed(metrics.unchanged.value_or(0.0))});
    }
    html_.raw("<details><summary>As a table</summary>\n").table(table).raw("</details>\n");
    if (!content_.stress->failures.empty()) {
      html_.element("p", std::to_string(content_.stress->failures.size()) +
                             " times a clip could not be used under a condition.");
    }
  }

  void write_tables() {
    for (const auto& [heading, rows] : content_.tables) {
      html_.element("h2", heading).raw("\n").table(rows);
    }
  }

  void write_wrong() {
    html_.section("wrong-clips", "Clips that are labelled wrong");
    if (content_.wrong.empty()) {
      html_.element("p", "None.").raw("\n");
      return;
    }
    html_.element("p", "The surest first. " + content_.wrong_note +
                           (sound_.kind == PageSound::Kind::kLinked
                                ? " Players have their sound from the recordings: these and this "
                                  "page have to be moved together."
                                : " The sound is in this page."));
    using Use = page::ClipColumn::Use;
    page::ClipList list{"wrong",
                        {{"Sureness", Use::kOrder},
                         {"True class", Use::kFilter},
                         {"Predicted class", Use::kFilter},
                         {"Of the truth", Use::kOrder},
                         {"Speaker", Use::kFilter},
                         {"Clip"}},
                        {},
                        0,
                        ", those that it was least sure of"};
    for (const auto& wrong : content_.wrong) {
      if (list.rows.size() == page::ClipList::kMostRows) break;
      list.rows.push_back(
          {&wrong.clip,
           {charts::number_text(wrong.confidence, 3), wrong.truth, wrong.predicted,
            charts::number_text(wrong.truth_probability, 3), wrong.clip.speaker, wrong.clip.id}});
    }
    list.beyond = content_.wrong.size() - list.rows.size();
    page::write_clip_list(html_, list, sound_);
  }

  void write_model() {
    html_.section("data", "Data").facts(content_.data);
    html_.section("model", "Model").facts(content_.model);
    if (content_.configuration.is_null()) return;
    std::string text = core::json_text(content_.configuration, 2);
    // Its lines are ours; what stands in its strings is escaped as JSON.
    const bool whole = text.size() <= kMostConfiguration;
    text.resize(std::min(text.size(), kMostConfiguration));
    html_.raw(
        "<details id=\"configuration\"><summary>Configuration: what "
        "<code>--config</code> takes</summary>\n<pre>");
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      html_.text(std::string_view(text).substr(begin, end - begin)).raw("\n");
      begin = end + 1;
    }
    html_.raw(whole ? "" : "...\n").raw("</pre></details>\n");
  }

  void write_use() {
    html_.section("use", "What this is for, and what not");
    html_.element("p", page::kIntendedUse).raw("\n");
    html_.element("p class=\"warning\"", page::kForbiddenUse).raw("\n");
  }

  const PageContent& content_;
  const PageSound& sound_;
  Html& html_;
};

}  // namespace

void write_page(const PageContent& content, const PageSound& sound,
                const std::function<void(std::string_view)>& sink) {
  Html html(sink, content.title);
  PageWriter(content, sound, html).write();
  html.end();
}

}  // namespace ser::report
