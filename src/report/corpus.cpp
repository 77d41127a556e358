#include "ser/report/corpus.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "ser/corpus/display_name.h"

#include "report/charts/bars.h"
#include "report/charts/boxes.h"
#include "report/charts/matrix.h"
#include "report/csv.h"
#include "report/page/clip_list.h"
#include "report/page/html.h"
#include "report/row_text.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using charts::number_text;
using corpus::display_name;
using dataset::RecordingFacts;

constexpr std::string_view kBoxes =
    "Boxes: the median, half of the clips, and nine tenths of them between the ends.";
constexpr std::size_t kOddInText = 20;
constexpr std::size_t kTableRows = 200;

// Clips by the value of a member, sorted.
using Counts = std::map<std::string, std::size_t>;

Counts counts_by(const corpus::Manifest& manifest, std::string corpus::Utterance::*member) {
  Counts counts;
  for (const auto& utterance : manifest.utterances) ++counts[utterance.*member];
  return counts;
}

std::string name_or_unknown(const std::string& name) { return name.empty() ? "(unknown)" : name; }

// Those with the most clips first.
std::shared_ptr<const charts::Panel> count_panel(const std::string& heading, const Counts& counts) {
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted,
                           [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> names;
  std::vector<double> values = {0.0};
  charts::BarColumn column;
  for (const auto& [name, count] : sorted) {
    names.push_back(name_or_unknown(name));
    values.push_back(static_cast<double>(count));
    column.bars.push_back({values.back(), number_text(values.back(), 0)});
  }
  column.axis = charts::axis_over(values, 8, "clips");
  return std::make_shared<charts::BarsPanel>(heading, std::move(names),
                                             std::vector<charts::BarColumn>{std::move(column)});
}

// One number of the clips that could be read, and the same by class.
std::vector<std::shared_ptr<const charts::Panel>> number_panels(
    const CorpusFindings& findings, const std::string& heading, const std::string& label,
    const std::function<double(const RecordingFacts&)>& number) {
  std::vector<double> all;
  std::map<std::string, std::vector<double>> by_class;
  for (std::size_t i = 0; i < findings.facts.size(); ++i) {
    if (!findings.facts[i].error_code.empty()) continue;
    all.push_back(number(findings.facts[i]));
    by_class[findings.manifest.utterances[i].label].push_back(all.back());
  }
  std::vector<std::string> names;
  std::vector<std::vector<double>> values;
  for (const auto& [name, of_class] : by_class) {
    names.push_back(name);
    values.push_back(of_class);
  }
  return {charts::histogram_panel(heading, all, label),
          charts::boxes_panel(heading.substr(0, heading.find(':')) + " by class", std::move(names),
                              values, label)};
}

std::shared_ptr<const charts::Panel> speaker_class_panel(const corpus::Manifest& manifest,
                                                         const Counts& speakers) {
  std::vector<std::string> rows;
  std::map<std::string, std::size_t> row_of;
  for (const auto& [speaker, count] : speakers) {
    row_of[speaker] = rows.size();
    rows.push_back(name_or_unknown(speaker));
  }
  std::vector<std::vector<std::int64_t>> counts(rows.size(),
                                                std::vector<std::int64_t>(manifest.classes.size()));
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    ++counts[row_of[manifest.utterances[i].speaker]]
            [static_cast<std::size_t>(manifest.label_index(i))];
  }
  std::string heading = "Clips by speaker and class, and their share of the speaker";
  if (rows.size() > charts::MatrixPanel::kMostNames) {
    heading += "; " + std::to_string(charts::MatrixPanel::kMostNames) + " of " +
               std::to_string(rows.size()) + " speakers";
  }
  return std::make_shared<charts::MatrixPanel>(
      std::move(heading), std::move(rows), manifest.classes,
      [&](std::size_t row, std::size_t column) { return counts[row][column]; }, "Speaker", "Class");
}

Counts formats_of(const CorpusFindings& findings) {
  Counts counts;
  for (const auto& facts : findings.facts) {
    if (!facts.error_code.empty()) {
      ++counts["cannot be read"];
      continue;
    }
    ++counts[std::to_string(facts.sample_rate_hz) + " Hz, " + std::to_string(facts.channels) +
             (facts.channels == 1 ? " channel, " : " channels, ") + facts.format];
  }
  return counts;
}

double total_seconds(const CorpusFindings& findings) {
  double seconds = 0.0;
  for (const auto& facts : findings.facts) seconds += facts.duration_s;
  return seconds;
}

// A line a class: clips, hours, and medians.
Table class_facts(const CorpusFindings& findings) {
  struct OfClass {
    std::vector<double> durations;
    std::vector<double> loudness;
    std::vector<double> silence;
    std::set<std::string> speakers;
    std::size_t clips = 0;
  };
  std::map<std::string, OfClass> classes;
  for (std::size_t i = 0; i < findings.facts.size(); ++i) {
    const auto& utterance = findings.manifest.utterances[i];
    auto& of_class = classes[utterance.label];
    ++of_class.clips;
    if (!utterance.speaker.empty()) of_class.speakers.insert(utterance.speaker);
    const auto& facts = findings.facts[i];
    if (!facts.error_code.empty()) continue;
    of_class.durations.push_back(facts.duration_s);
    of_class.loudness.push_back(facts.loudness_db);
    of_class.silence.push_back(100.0 * facts.silence_share);
  }
  Table table = {
      {"Class", "Clips", "Speakers", "Minutes", "Seconds", "Loudness, dB", "Silence, %"}};
  for (const auto& [name, of_class] : classes) {
    double seconds = 0.0;
    for (const double duration : of_class.durations) seconds += duration;
    const auto median = [](const std::vector<double>& values, int digits) {
      const double value = charts::box_of(values).median;
      return std::isfinite(value) ? number_text(value, digits) : std::string("-");
    };
    table.push_back({display_name(name), std::to_string(of_class.clips),
                     std::to_string(of_class.speakers.size()), number_text(seconds / 60.0, 1),
                     median(of_class.durations, 2), median(of_class.loudness, 1),
                     median(of_class.silence, 0)});
  }
  return table;
}

std::string odd_headline(const CorpusFindings& findings) {
  std::set<std::size_t> clips;
  for (const auto& odd : findings.odd) clips.insert(odd.utterance);
  if (clips.empty()) return "Nothing odd was found";
  return std::to_string(clips.size()) + (clips.size() == 1 ? " clip is odd" : " clips are odd");
}

// What is odd about each utterance, in one text.
std::map<std::size_t, std::string> reasons_by_utterance(const CorpusFindings& findings) {
  std::map<std::size_t, std::string> reasons;
  for (const auto& odd : findings.odd) {
    auto& text = reasons[odd.utterance];
    text += (text.empty() ? "" : "; ") + odd.reason;
  }
  return reasons;
}

}  // namespace

std::vector<NamedPicture> corpus_pictures(const CorpusFindings& findings) {
  const auto& manifest = findings.manifest;
  const auto speakers = counts_by(manifest, &corpus::Utterance::speaker);
  const std::string statement = number_text(static_cast<double>(manifest.utterances.size()), 0) +
                                " clips, " + number_text(total_seconds(findings) / 3600.0, 2) +
                                " hours, layout " + manifest.layout;
  std::vector<NamedPicture> pictures;
  const auto add = [&](const std::string& name, const std::string& title,
                       std::vector<std::shared_ptr<const charts::Panel>> panels) {
    std::vector<std::string> remarks = {statement};
    if (panels.size() > 1) remarks.emplace_back(kBoxes);
    pictures.push_back({name, Picture(title, std::move(remarks), std::move(panels))});
  };
  add("classes", "Classes",
      {count_panel("Clips by class", counts_by(manifest, &corpus::Utterance::label))});
  if (speakers.size() > 1 || !speakers.contains("")) {
    add("speakers", "Speakers", {count_panel("Clips by speaker", speakers)});
    add("speakers-classes", "Speakers and classes", {speaker_class_panel(manifest, speakers)});
  }
  add("durations", "Lengths", number_panels(findings, "Length", "seconds", [](const auto& facts) {
        return facts.duration_s;
      }));
  add("loudness", "Loudness",
      number_panels(findings, "Loudness of what is not silent", "dB below full scale",
                    [](const auto& facts) { return facts.loudness_db; }));
  add("silence", "Silence",
      number_panels(findings, "Silence: 40 dB below the loudest moment", "% of the clip",
                    [](const auto& facts) { return 100.0 * facts.silence_share; }));
  add("formats", "Sample rates and formats",
      {count_panel("Clips by sample rate and format", formats_of(findings))});
  return pictures;
}

std::string corpus_text(const CorpusFindings& findings, const TerminalStyle* style) {
  std::string text = corpus::describe(findings.manifest);
  text += "Hours       " + number_text(total_seconds(findings) / 3600.0, 2) + "\n";
  text += "Formats\n";
  for (const auto& [format, count] : formats_of(findings)) {
    text += "  " + display_name(format) + ": " + std::to_string(count) + "\n";
  }
  text += "\nBy class; seconds, loudness and silence are medians\n" + plain(class_facts(findings));
  if (style != nullptr) {
    std::vector<std::pair<std::string, double>> bars;
    for (const auto& [name, count] : counts_by(findings.manifest, &corpus::Utterance::label)) {
      bars.emplace_back(name_or_unknown(name), static_cast<double>(count));
    }
    text += "\nClips by class\n" + terminal_bars(bars, 0, *style);
    bars.clear();
    for (const auto& [name, count] : counts_by(findings.manifest, &corpus::Utterance::speaker)) {
      bars.emplace_back(name_or_unknown(name), static_cast<double>(count));
    }
    constexpr std::size_t kMostBars = 60;
    const std::size_t more = bars.size() - std::min(bars.size(), kMostBars);
    bars.resize(bars.size() - more);
    text += "\nClips by speaker\n" + terminal_bars(bars, 0, *style);
    if (more > 0) text += "and " + std::to_string(more) + " more\n";
  }
  text += "\n" + odd_headline(findings) + "\n";
  for (std::size_t i = 0; i < std::min(kOddInText, findings.odd.size()); ++i) {
    const auto& odd = findings.odd[i];
    text += "  " + display_name(findings.manifest.utterances[odd.utterance].id) + ": " +
            display_name(odd.reason) + "\n";
  }
  if (findings.odd.size() > kOddInText) {
    text += "  ... and " + std::to_string(findings.odd.size() - kOddInText) +
            " more (--out DIR lists all)\n";
  }
  return text;
}

void write_corpus_csv(const CorpusFindings& findings,
                      const std::function<void(std::string_view)>& sink) {
  sink(
      "path,id,corpus,speaker,text,label,duration_s,sample_rate_hz,channels,format,peak_db,"
      "loudness_db,silence_share,clipped_share,offset,odd,error_code,error\r\n");
  const auto reasons = reasons_by_utterance(findings);
  for (std::size_t i = 0; i < findings.facts.size(); ++i) {
    const auto& utterance = findings.manifest.utterances[i];
    const auto& facts = findings.facts[i];
    std::string line;
    const auto add = [&](std::string_view field) {
      line += (line.empty() ? "" : ",") + csv_field(field);
    };
    for (const auto* text : {&utterance.path, &utterance.id, &utterance.corpus, &utterance.speaker,
                             &utterance.text, &utterance.label}) {
      add(*text);
    }
    if (facts.error_code.empty()) {
      for (const auto& number :
           {fixed(facts.duration_s, 4), std::to_string(facts.sample_rate_hz),
            std::to_string(facts.channels), facts.format, fixed(facts.peak_db, 2),
            fixed(facts.loudness_db, 2), fixed(facts.silence_share, 4),
            fixed(facts.clipped_share, 6), fixed(facts.offset, 6)}) {
        add(number);
      }
    } else {
      line += std::string(9, ',');
    }
    const auto odd = reasons.find(i);
    add(odd == reasons.end() ? "" : odd->second);
    add(facts.error_code);
    add(facts.error);
    sink(line + "\r\n");
  }
}

void write_corpus_page(const CorpusFindings& findings, const std::vector<NamedPicture>& pictures,
                       const PageSound& sound, const std::function<void(std::string_view)>& sink) {
  const auto& manifest = findings.manifest;
  std::string name;
  for (const auto& source : manifest.sources) name += (name.empty() ? "" : ", ") + source.name;
  page::Html html(sink, "Corpus " + name);
  html.raw("<div class=\"protocol\"><strong>");
  html.text(number_text(static_cast<double>(manifest.utterances.size()), 0));
  html.raw(" clips, ").text(number_text(total_seconds(findings) / 3600.0, 2)).raw(" hours, ");
  html.text(std::to_string(manifest.classes.size())).raw(" classes, ");
  html.text(std::to_string(manifest.speakers().size())).raw(" known speakers</strong><p>");
  html.text(odd_headline(findings)).raw(". Layout ").text(manifest.layout).raw(".</p></div>\n");
  html.section("classes", "By class").table(class_facts(findings));
  html.element("p class=\"faint\"", "Seconds, loudness and silence are medians.").raw("\n");
  html.section("charts", "Charts").element("p class=\"faint\"", kBoxes).raw("\n");
  html.raw("<div class=\"charts\">\n");
  for (const auto& [id, picture] : pictures) html.chart(id, "", picture);
  html.raw("</div>\n");
  if (!manifest.left_out.empty()) {
    html.section("left-out", "Files that are not looked at");
    Table table = {{"File", "Reason"}};
    for (const auto& file : manifest.left_out) {
      if (table.size() > kTableRows) break;
      table.push_back({file.relative_path, file.reason});
    }
    html.table(table);
    if (manifest.left_out.size() > kTableRows) {
      html.element("p", "And " + std::to_string(manifest.left_out.size() - kTableRows) + " more.");
    }
  }
  html.section("all-clips", "Clips");
  html.element("p", "The odd ones first. All numbers are in clips.csv beside this page.");
  const auto reasons = reasons_by_utterance(findings);
  using Use = page::ClipColumn::Use;
  page::ClipList list{"clips",
                      {{"Class", Use::kFilter},
                       {"Speaker", Use::kFilter},
                       {"Odd?", Use::kFilter},
                       {"Seconds", Use::kOrder},
                       {"Loudness, dB", Use::kOrder},
                       {"Silence, %", Use::kOrder},
                       {"Clip"},
                       {"What is odd"}},
                      {},
                      0,
                      ", but in clips.csv"};
  const auto add = [&](std::size_t i, const std::string& reason) {
    if (list.rows.size() == page::ClipList::kMostRows) return;
    const auto& utterance = manifest.utterances[i];
    const auto& facts = findings.facts[i];
    const bool read = facts.error_code.empty();
    list.rows.push_back(
        {&utterance,
         {utterance.label, utterance.speaker, reason.empty() ? "" : "odd",
          read ? fixed(facts.duration_s, 2) : "", read ? fixed(facts.loudness_db, 1) : "",
          read ? fixed(100.0 * facts.silence_share, 0) : "", utterance.id, reason}});
  };
  for (const auto& [utterance, reason] : reasons) add(utterance, reason);
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    if (!reasons.contains(i)) add(i, "");
  }
  list.beyond = manifest.utterances.size() - list.rows.size();
  page::write_clip_list(html, list, sound);
  html.end();
}

}  // namespace ser::report
