#include "corpus/validation_draw.h"

#include <algorithm>

#include "corpus/speaker_draw.h"
#include "corpus/stratified_draw.h"

namespace ser::corpus {
namespace {

class Drawing {
 public:
  Drawing(const SplitInput& input, const std::vector<std::size_t>& left,
          const std::vector<Group>& left_speakers, double share, const core::RandomStream& random)
      : input_(input), left_(left), left_speakers_(left_speakers), share_(share), random_(random) {}

  ValidationDraw run() {
    if (!on_speakers() && !on_texts()) on_clips();
    draw_.statement += "; " + training_statement(input_, draw_.train);
    return std::move(draw_);
  }

 private:
  // With at least two speakers left to train; false if that cannot be, or if no draw gives both
  // parts every class.
  bool on_speakers() {
    const auto& speakers = left_speakers_;
    const bool known = !speakers.empty() && !speakers.front().name.empty();
    if (!known || speakers.size() < 3) return false;
    const WantedSpeakers wanted{share_ * static_cast<double>(left_.size()), 2, 1};
    const auto choice =
        draw_speakers(speakers, wanted, input_.classes.size(), random_.fork("validation speakers"));
    if (choice.scarce > 0 || choice.lacking > 0) return false;
    draw_.validation = members_of(speakers, choice.chosen);
    draw_.train = members_of(speakers, choice.rest);
    draw_.statement = "validates on " + speakers_of(input_, draw_.validation) + " (" +
                      counted(draw_.validation.size(), "clip") + ")";
    return true;
  }

  // Texts kept apart; false if texts do not tell clips apart.
  bool on_texts() {
    const bool known = std::ranges::any_of(
        left_, [&](std::size_t i) { return !input_.texts->name_of(i).empty(); });
    if (!known) return false;
    const auto groups = text_groups();
    if (groups.size() < 2) return false;
    require_groups_of_each_class(input_, groups, 2, "texts");
    const GroupDraw draw =
        draw_groups(groups, {1.0 - share_, share_}, static_cast<int>(input_.classes.size()),
                    random_.fork("validation texts"));
    if (draw.missing > 0) fail_draw("texts");
    std::size_t texts = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      auto& part = draw.part_of_group[g] == 0 ? draw_.train : draw_.validation;
      part.insert(part.end(), groups[g].members.begin(), groups[g].members.end());
      if (draw.part_of_group[g] == 1) ++texts;
    }
    draw_.statement = "validates on " + counted(draw_.validation.size(), "clip") +
                      " of the training speakers, whose " + counted(texts, "text") +
                      " do not occur in training";
    return true;
  }

  std::vector<Group> text_groups() const {
    if (input_.texts->unknown() == 0) return make_groups(left_, *input_.texts, input_.labels);
    std::vector<std::string> names(input_.labels.size());
    std::vector<std::size_t> rank(names.size());
    for (std::size_t i = 0; i < input_.order.size(); ++i) rank[input_.order[i]] = i;
    for (const std::size_t i : left_) {
      names[i] = input_.texts->name_of(i);
      // a clip of unknown text is a group of its own; no text has a line break before it
      if (names[i].empty()) names[i] = "\n" + std::to_string(rank[i]);
    }
    return make_groups(left_, names, input_.labels);
  }

  void on_clips() {
    Draw draw = draw_members(by_class(input_, left_), {share_, 0.0},
                             class_streams(input_, random_.fork("validation clips")));
    draw_.validation = std::move(draw.validation);
    draw_.train = std::move(draw.train);
    draw_.statement = "validates on " + counted(draw_.validation.size(), "clip") +
                      " of the training speakers, whose texts may occur in training";
  }

  const SplitInput& input_;
  const std::vector<std::size_t>& left_;
  const std::vector<Group>& left_speakers_;
  double share_;
  core::RandomStream random_;
  ValidationDraw draw_;
};

}  // namespace

ValidationDraw draw_validation(const SplitInput& input, const std::vector<std::size_t>& left,
                               double share, const core::RandomStream& random) {
  // Without a part there is nothing to draw it from.
  auto speakers =
      share > 0.0 ? make_groups(left, *input.speakers, input.labels) : std::vector<Group>();
  return draw_validation(input, left, speakers, share, random);
}

ValidationDraw draw_validation(const SplitInput& input, const std::vector<std::size_t>& left,
                               const std::vector<Group>& left_speakers, double share,
                               const core::RandomStream& random) {
  if (share > 0.0) return Drawing(input, left, left_speakers, share, random).run();
  return {left, {}, "no validation part; " + training_statement(input, left)};
}

std::string training_statement(const SplitInput& input, const std::vector<std::size_t>& train) {
  const std::string speakers = speakers_of(input, train);
  return "trains on " + counted(train.size(), "clip") + (speakers.empty() ? "" : " of " + speakers);
}

}  // namespace ser::corpus
