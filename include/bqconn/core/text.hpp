// Text utilities: UTF-8, control characters, edit distance.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bqconn {

bool is_utf8(std::string_view text);

// Invalid sequences become U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

// True for a byte below 0x20 or 0x7f anywhere in `text`.
bool has_control_character(std::string_view text);

std::string to_lower_ascii(std::string_view text);
std::string_view trim_ascii(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);

template <typename Parts>
std::string join(const Parts& parts, std::string_view separator) {
    std::string out;
    std::string_view before;
    for (const auto& part : parts) {
        out.append(before).append(part);
        before = separator;
    }
    return out;
}

// `text` with `to` in place of each `from`, which must not be empty.
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

// Without the byte-order mark that some editors write at the start of UTF-8 text.
std::string_view without_bom(std::string_view text);

// Single-quotes `text` for a POSIX shell.
std::string shell_quoted(std::string_view text);

// A word that a shell reads as the path and no command as an option, quoted only if needed.
std::string shell_word(const std::string& path);

// The edit distance: insertions, deletions, substitutions and swaps of neighbours cost one each
// (optimal string alignment). Takes time and memory proportional to the product of the sizes.
std::size_t edits(std::string_view a, std::string_view b);

// The most likely candidate for a mistyped `word`: at most two edits away, and fewer than half of
// the word's length; or one that `word` is a prefix of. None if nothing is close.
std::optional<std::string> nearest(std::string_view word,
                                   std::span<const std::string_view> candidates);

}  // namespace bqconn
