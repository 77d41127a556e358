#pragma once

#include <string_view>

namespace ser::report::page {

// What stands in every page and model card, in plain text.

inline constexpr std::string_view kIntendedUse =
    "Research on recordings, sorting one's own recordings, and trying the toolkit. A label says "
    "how "
    "a voice sounds to a recogniser of such recordings, and not what somebody feels.";

// Regulation (EU) 2024/1689: article 5(1)(f), annex III 1(c), article 50(3).
inline constexpr std::string_view kForbiddenUse =
    "In the European Union it is forbidden to infer the emotions of people at work or in "
    "education, "
    "except for medical or safety reasons (Regulation (EU) 2024/1689, article 5(1)(f)). Elsewhere "
    "recognition of emotions counts as high-risk (annex III, 1(c)), and people who are exposed to "
    "it "
    "have to be told (article 50(3)). Voices are personal data. No decision about anybody should "
    "rest on such labels.";

}  // namespace ser::report::page
