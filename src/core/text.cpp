#include "bqconn/core/text.hpp"

#include <utf8.h>

#include <algorithm>
#include <iterator>

namespace bqconn {

bool is_utf8(std::string_view text) {
    return utf8::is_valid(text.begin(), text.end());
}

std::string replace_invalid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(out));
    return out;
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

std::string to_lower_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return out;
}

std::string_view trim_ascii(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(at + 1);
    }
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
    std::string out;
    for (auto at = text.find(from); at != text.npos; at = text.find(from)) {
        out.append(text.substr(0, at)).append(to);
        text.remove_prefix(at + from.size());
    }
    return out.append(text);
}

std::string_view without_bom(std::string_view text) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        // Only the quote itself is special within single quotes.
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return out + "'";
}

std::string shell_word(const std::string& path) {
    const std::string word = (path.starts_with('-') ? "./" : "") + path;
    constexpr const char* plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-+:@%,";
    return word.find_first_not_of(plain) == std::string::npos ? word : shell_quoted(word);
}

std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            cost[i][j] =
                std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[a.size()][b.size()];
}

std::optional<std::string> nearest(std::string_view word,
                                   std::span<const std::string_view> candidates) {
    // No name is longer; the bound also limits the cost of hostile input.
    constexpr std::size_t longest = 64;
    constexpr std::size_t shortest_prefix = 3;
    if (word.empty() || word.size() > longest) {
        return std::nullopt;
    }
    std::optional<std::string> best;
    std::size_t best_edits = std::min<std::size_t>(2, (word.size() - 1) / 2) + 1;
    for (const auto candidate : candidates) {
        const auto distance = edits(word, candidate);
        if (distance < best_edits) {
            best_edits = distance;
            best = std::string(candidate);
        }
    }
    if (!best && word.size() >= shortest_prefix) {
        for (const auto candidate : candidates) {
            if (candidate.starts_with(word)) {
                return std::string(candidate);
            }
        }
    }
    return best;
}

}  // namespace bqconn
