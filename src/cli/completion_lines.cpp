#include "cli/completion_lines.hpp"

#include <set>

namespace bqconn::cli {

// A value that cannot be shown unchanged cannot be typed either.
std::string lines_of(const Completion& completion, const output::Console& console) {
    std::string lines;
    std::set<std::string_view> seen;
    for (const auto& one : completion.candidates) {
        if (seen.insert(one.value).second && console.clean(one.value) == one.value) {
            lines += one.value + "\t" + console.clean(one.description) + "\n";
        }
    }
    return lines + (completion.files ? ":files" : ":nofiles") +
           (completion.prefix.empty() ? "" : " " + completion.prefix) + "\n";
}

}  // namespace bqconn::cli
