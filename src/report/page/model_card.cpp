#include "ser/corpus/display_name.h"
#include "ser/report/evaluation.h"
#include "ser/report/page.h"
#include "ser/report/stress.h"

#include "report/page/intended_use.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

std::string escaped(std::string_view text) { return escape_markdown(corpus::display_name(text)); }

// A heading and its paragraph or table.
std::string card_section(const std::string& heading, const std::string& text) {
  return "\n## " + heading + "\n\n" + text;
}

std::string fact_table(const std::vector<Fact>& facts) {
  std::string text = "| | |\n|---|---|\n";
  for (const auto& fact : facts) {
    text += "|";
    for (const auto& cell : fact) text += " " + escaped(cell) + " |";
    text += "\n";
  }
  return text;
}

Table shown_rows(const NamedTable& table) {
  Table rows = table.rows;
  for (auto& row : rows) {
    for (auto& cell : row) cell = corpus::display_name(cell);
  }
  return rows;
}

std::string limits(const PageContent& content) {
  std::string text;
  for (const auto& reservation : content.reservations) text += "- " + escaped(reservation) + "\n";
  if (content.intervals) text += "- " + escaped(content.intervals->statement) + "\n";
  text +=
      "- The scores are of recordings like those above. Nothing is known of other voices, "
      "languages, ages, rooms, microphones and telephones, nor of spontaneous speech where the "
      "recordings are acted.\n";
  if (content.clips) {
    text += "- Probabilities are as true as the calibration error says, on such recordings.\n";
  }
  return text;
}

}  // namespace

std::string model_card(const PageContent& content) {
  std::string text = "# " + escaped(content.title) + "\n";
  for (const auto& reservation : content.reservations) {
    text += "\n**" + escaped(reservation) + "**\n";
  }
  text += card_section("Intended use", escaped(page::kIntendedUse) + "\n");
  text += card_section("Not for", escaped(page::kForbiddenUse) + "\n");
  text += card_section("Model", fact_table(content.model));
  text += card_section("Data", fact_table(content.data));
  text += card_section("Protocol", statement_markdown(content.protocol, content.statement) +
                                       "\nLeak check:\n\n" + fact_table(content.leak_check));
  if (content.metrics) {
    const auto scores = content.intervals
                            ? evaluation_markdown(*content.metrics, *content.intervals)
                            : evaluation_markdown(*content.metrics);
    text += card_section("Scores", "Of " + escaped(content.scored) + ".\n\n" + scores);
  } else {
    text += card_section("Scores", "None: nothing is known of how well it does.\n");
  }
  for (const auto& grouping : content.groupings) {
    text += card_section("By " + escaped(grouping.column), grouping_markdown(grouping));
  }
  for (const auto& table : content.tables) {
    text += card_section(escaped(table.heading), markdown(shown_rows(table)));
  }
  if (!content.calibration.empty()) {
    text += card_section("Calibration", fact_table(content.calibration));
  }
  if (content.stress) {
    text += card_section("Under stress", stress_markdown(*content.stress, content.metrics->uar));
  }
  return text + card_section("Limits", limits(content));
}

}  // namespace ser::report
