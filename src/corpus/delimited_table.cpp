#include "corpus/delimited_table.h"

#include "ser/core/error.h"

#include "corpus/ascii.h"
#include "corpus/text_lines.h"

namespace ser::corpus {

bool read_delimited_table(const std::filesystem::path& file, char separator,
                          const OnHeader& on_header, const DelimitedRecords::OnRecord& on_row) {
  std::size_t columns = 0;
  DelimitedRecords records(
      file.native(), separator, [&](std::size_t line, std::vector<std::string>& fields) {
        if (columns == 0) {
          columns = fields.size();
          std::vector<std::string> names;
          names.reserve(fields.size());
          for (const auto& field : fields) names.emplace_back(without_blanks(field));
          on_header(line, names);
          return;
        }
        if (fields.size() != columns) {
          throw core::CorpusError(
              "E_MANIFEST_FORMAT",
              line_name(file.native(), line) + ": expected " + std::to_string(columns) +
                  " fields as in the first line, found " + std::to_string(fields.size()) +
                  "; a field that holds a separator stands in quotes");
        }
        on_row(line, fields);
      });
  read_lines(file, [&](std::size_t number, std::string_view line) { records.add(number, line); });
  records.finish();
  return columns > 0;
}

}  // namespace ser::corpus
