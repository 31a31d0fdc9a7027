// Small text rules that several areas share: UTF-8, control characters, nearness of words.
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
std::string join(std::span<const std::string> parts, std::string_view separator);

// In single quotes, for a POSIX shell.
std::string shell_quoted(std::string_view text);

// How many edits turn one into the other. Insertions, deletions, substitutions and swaps of
// neighbours cost one each (optimal string alignment). Takes time and memory of both sizes
// multiplied.
std::size_t edits(std::string_view a, std::string_view b);

// The candidate that `word` was probably meant to be: at most two edits away (a swap of neighbours
// is one), and fewer than half of the word's length; or one that `word` begins. None if nothing is
// near.
std::optional<std::string> nearest(std::string_view word,
                                   std::span<const std::string_view> candidates);

}  // namespace bqconn
