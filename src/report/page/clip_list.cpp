#include "report/page/clip_list.h"

#include <array>
#include <charconv>

#include "ser/audio/write.h"
#include "ser/core/base64.h"
#include "ser/core/error.h"
#include "ser/dataset/clip_loader.h"

#include "report/charts/axis.h"
#include "report/xml.h"

namespace ser::report::page {
namespace {

// Rows with a player from the start; those behind have a link until the script shows them, since a
// browser has room for a few hundred players and not for thousands.
constexpr std::size_t kPlayersAtFirst = 50;
constexpr int kEmbeddedRate_hz = 16000;

std::string percent_encoded(std::string_view bytes) {
  static constexpr std::string_view kKept = "-._~/";
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string url;
  for (const char c : bytes) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || (c >= '0' && c <= '9') || kKept.find(c) != std::string_view::npos) {
      url += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      url += '%';
      url += kDigits[byte >> 4U];
      url += kDigits[byte & 0xFU];
    }
  }
  return url;
}

std::string seconds_text(double seconds) {
  std::array<char, 400> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed, 3)
          .ptr;
  return {text.data(), end};
}

// The sound as a URL; nothing where it cannot be read.
std::optional<std::string> embedded(const corpus::Utterance& clip) {
  const dataset::ClipConfig whole{0.0, PageSound::kMostEmbeddedSeconds};
  try {
    const auto sound = dataset::load_clip(clip, whole, kEmbeddedRate_hz).waveform;
    return "data:audio/wav;base64," + core::to_base64(audio::wav_bytes(sound));
  } catch (const core::AudioError&) {
    return std::nullopt;
  }
}

class ClipListWriter {
 public:
  ClipListWriter(Html& html, const ClipList& list, const PageSound& sound)
      : html_(html), list_(list), sound_(sound) {}

  void write() {
    html_.raw("<section class=\"clips\" id=\"" + list_.id + "\">\n<div class=\"tools\"></div>\n");
    html_.raw("<div class=\"scroll\"><table><thead><tr><th>Sound</th>");
    for (const auto& column : list_.columns) {
      html_.element(column.use == ClipColumn::Use::kFilter  ? "th data-filter=\"\""
                    : column.use == ClipColumn::Use::kOrder ? "th data-sorts=\"\""
                                                            : "th",
                    column.name);
    }
    html_.raw("</tr></thead>\n<tbody>\n");
    std::size_t written = 0;
    std::size_t bytes = 0;
    for (; written < list_.rows.size() && bytes <= ClipList::kMostListBytes; ++written) {
      if (sound_.stop_requested && sound_.stop_requested()) throw core::Interrupted();
      bytes += write_row(list_.rows[written], written < kPlayersAtFirst);
    }
    html_.raw("</tbody></table></div>\n<p class=\"more\"></p>\n");
    const std::size_t rest = list_.rows.size() - written + list_.beyond;
    if (rest > 0) {
      html_.element("p", charts::number_text(static_cast<double>(rest), 0) +
                             " more clips are not listed here" + list_.left_out + ".");
    }
    html_.raw("</section>\n");
  }

 private:
  // How many bytes it takes without embedded sound.
  std::size_t write_row(const ClipRow& row, bool has_player) {
    const std::string_view begin =
        has_player ? "<tr><td><audio controls=\"\" preload=\"none\" src=\"" : "<tr><td><a href=\"";
    // Ends of cells and rows go without saying, which is a fifth of a long list.
    std::string end = has_player ? "\"></audio>" : "\">play</a>";
    for (const auto& cell : row.cells) end += "<td>" + escape_xml(cell);
    end += '\n';
    if (sound_.kind == PageSound::Kind::kEmbedded &&
        embedded_bytes_ < PageSound::kMostEmbeddedBytes) {
      if (const auto url = embedded(*row.clip)) {
        embedded_bytes_ += url->size();
        html_.raw(begin).raw(*url).raw(end);
        return begin.size() + end.size();
      }
    }
    const std::string url = clip_url(*row.clip, sound_.folder);
    html_.raw(begin).raw(url).raw(end);
    return begin.size() + url.size() + end.size();
  }

  Html& html_;
  const ClipList& list_;
  const PageSound& sound_;
  std::size_t embedded_bytes_ = 0;
};

}  // namespace

std::string clip_url(const corpus::Utterance& clip, const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  // The way up is walked in the address of the page, which knows nothing of links; the way down in
  // the file system.
  std::error_code error;
  fs::path target = fs::weakly_canonical(clip.path, error);
  if (error) target = fs::absolute(clip.path).lexically_normal();
  fs::path base = fs::absolute(folder).lexically_normal();
  if (!base.has_filename()) base = base.parent_path();
  std::string url = percent_encoded(target.lexically_relative(base).native());
  if (clip.start_s || clip.end_s) {
    url += "#t=" + seconds_text(clip.start_s.value_or(0.0));
    if (clip.end_s) url += "," + seconds_text(*clip.end_s);
  }
  return url;
}

void write_clip_list(Html& html, const ClipList& list, const PageSound& sound) {
  ClipListWriter(html, list, sound).write();
}

}  // namespace ser::report::page
