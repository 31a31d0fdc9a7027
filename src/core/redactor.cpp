#include "bqconn/core/redactor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <tuple>
#include <utility>

#include "bqconn/core/text.hpp"

namespace bqconn {
namespace {

constexpr std::size_t shortest_secret = 8;
constexpr std::size_t fewest_visible = 6;
constexpr std::size_t shortest_first_part = 12;
constexpr std::size_t shortest_part = 16;
constexpr std::size_t shortest_own_part = 20;
constexpr std::size_t longest_escape = 12;
constexpr std::size_t longest_gap = 64;
constexpr std::size_t key_size = 4;
constexpr unsigned bits_of_bucket = 14;

constexpr std::uint8_t byte(char c) {
    return static_cast<std::uint8_t>(c);
}

// Folds letter case and the two Base64 alphabets; 0 for what is not visible ASCII, or in `not_in`.
constexpr std::array<std::uint8_t, 256> fold_table(std::string_view not_in) {
    std::array<std::uint8_t, 256> table{};
    for (char c = '!'; c <= '~'; ++c) {
        table[byte(c)] = byte(c == '+' ? '-' : c == '_' ? '/' : c);
    }
    for (char c = 'A'; c <= 'Z'; ++c) {
        table[byte(c)] = byte(c) + ('a' - 'A');
    }
    for (const char c : not_in) {
        table[byte(c)] = 0;
    }
    return table;
}

constexpr auto visible_bytes = fold_table("");
constexpr auto plain_bytes = fold_table("%\\&");  // what means itself in any context

// The byte or code point that `escape` means, if it is complete.
std::optional<std::uint32_t> meaning_of(std::string_view escape) {
    constexpr std::array<std::string_view, 24> names{
        "\\\"",   "\\\\",     "\\/",      "\\'",     "\\b",      "\\f",    "\\n",   "\\r",
        "\\t",    "&amp;",    "&quot;",   "&apos;",  "&lt;",     "&gt;",   "&sol;", "&bsol;",
        "&plus;", "&equals;", "&lowbar;", "&colon;", "&period;", "&nbsp;", "&tab;", "&newline;"};
    constexpr std::string_view meanings = "\"\\/'\b\f\n\r\t&\"'<>/\\+=_:. \t\n";
    if (const auto* const name = std::find(names.begin(), names.end(), escape);
        name != names.end()) {
        return meanings[static_cast<std::size_t>(name - names.begin())];
    }
    // How it starts, its size (0: up to a semicolon), the base of its digits.
    using Digits = std::tuple<std::string_view, std::size_t, int>;
    for (const auto& [start, size, base] :
         {Digits{"%", 3, 16}, Digits{"\\x", 4, 16}, Digits{"\\u", 6, 16}, Digits{"\\", 4, 8},
          Digits{"&#x", 0, 16}, Digits{"&#", 0, 10}}) {
        if (escape.starts_with(start) &&
            (size == 0 ? escape.ends_with(';') : escape.size() == size)) {
            std::uint32_t value = 0;
            const char* const end = escape.data() + escape.size() - (size == 0 ? 1 : 0);
            const auto read = std::from_chars(escape.data() + start.size(), end, value, base);
            if (read.ec == std::errc() && read.ptr == end) {
                return value;
            }
        }
    }
    return std::nullopt;
}

// The normal form of a text that is read byte by byte: escapes are undone, innermost first; letter
// case and the Base64 alphabets are folded; blanks and all that is not ASCII are left out.
class NormalForm {
  public:
    void read(char c) {
        unchanged_ = bytes_.size();
        add(c, 0);
    }
    const std::string& bytes() const { return bytes_; }
    std::size_t unchanged() const { return unchanged_; }  // bytes that the last read() left alone
    bool is_final() const { return starts_.empty(); }     // none of the bytes can change any more

    // That of a secret, without a copy that is not wiped.
    static Secret of(const Secret& secret) {
        NormalForm form;
        form.bytes_.reserve(std::max<std::size_t>(secret.size(), 64));
        for (const char c : secret.reveal()) {
            form.read(c);
        }
        return Secret(std::move(form.bytes_));
    }

  private:
    struct Start {
        std::size_t at;
        int round;  // how many nested escapes it came from
    };
    void add(char c, int round) {
        if (visible_bytes[byte(c)] == 0) {
            return;
        }
        bytes_ += static_cast<char>(visible_bytes[byte(c)]);
        if (plain_bytes[byte(c)] == 0) {
            starts_.push_back({bytes_.size() - 1, round});
        }
        if (starts_.empty()) {
            return;
        }
        Start start = starts_.back();
        // A backslash that was itself escaped does not escape one that was not.
        if (bytes_.ends_with("\\\\") && starts_[starts_.size() - 2].round == round) {
            --start.at;
        }
        const auto escape = std::string_view(bytes_).substr(start.at);
        if (const auto meaning = escape.size() > 1 ? meaning_of(escape) : std::nullopt) {
            bytes_.resize(start.at);
            std::erase_if(starts_, [&](const Start& one) { return one.at >= start.at; });
            unchanged_ = std::min(unchanged_, start.at);
            add(*meaning < 0x80 ? static_cast<char>(*meaning) : '\0', start.round + 1);
        }
    }

    std::string bytes_;
    std::vector<Start> starts_;  // of possible escapes in bytes_
    std::size_t unchanged_ = 0;
};

// The Base64 characters of `secret` from one of its bits on, without the last one if it depends on
// what follows.
Secret base64_from(std::string_view secret, std::size_t bit) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve(2 * secret.size());
    for (; bit + 6 <= secret.size() * 8; bit += 6) {
        unsigned pair = byte(secret[bit / 8]) * 256U;
        if (bit / 8 + 1 < secret.size()) {
            pair += byte(secret[bit / 8 + 1]);
        }
        out += alphabet[(pair >> (10 - bit % 8)) & 63U];
    }
    return Secret(std::move(out));
}

// What part of a secret is matched in parts: the body of a private key; nothing of another
// document, whose words (a project, a URL) are not secret; all of anything else.
std::string_view secret_part(std::string_view value) {
    constexpr std::string_view mark = "PRIVATE KEY-----";
    const auto begin = value.find(mark);
    if (begin != std::string_view::npos) {
        value.remove_prefix(begin + mark.size());
        return value.substr(0, value.find("-----END"));
    }
    return trim_ascii(value).starts_with('{') ? std::string_view() : value;
}

// The first bytes of a match, by which it is looked up.
std::uint32_t key_of(std::string_view normal) {
    std::uint32_t key = 0;
    for (std::size_t at = 0; at < key_size; ++at) {
        key = key << 8 | byte(normal[at]);
    }
    return key;
}

std::size_t bucket_of(std::uint32_t key) {
    return (key * 2654435761U) >> (32 - bits_of_bucket);
}

// The length of what matches `pattern` at the start of `text`, if at least `needed` bytes of the
// pattern match; otherwise 0. The bytes that follow may turn the last ones into an escape, so the
// longest match on the way counts.
std::size_t match(std::string_view text, std::string_view pattern, std::size_t needed) {
    std::size_t same = 0;
    while (same < std::min(text.size(), pattern.size()) &&
           plain_bytes[byte(text[same])] == byte(pattern[same])) {
        ++same;
    }
    if (same == pattern.size() || same == text.size() || plain_bytes[byte(text[same])] != 0) {
        return same >= needed ? same : 0;
    }
    NormalForm form;
    std::size_t matched = 0;
    std::size_t length = 0;
    same = 0;
    for (std::size_t at = 0; at < text.size() && at < length + longest_gap; ++at) {
        form.read(text[at]);
        const std::string_view bytes = form.bytes();
        same = std::min(same, form.unchanged());
        while (same < std::min(bytes.size(), pattern.size()) && bytes[same] == pattern[same]) {
            ++same;
        }
        // What is ignored at the end is not part of the match; the rest of an escape is.
        if (same == bytes.size() && same >= matched && form.unchanged() < same) {
            matched = same;
            length = at + 1;
        }
        if (same < bytes.size() && form.is_final()) {
            break;
        }
    }
    return matched >= needed ? length : 0;
}

}  // namespace

void Redactor::add_pattern(const Secret& text, bool by_prefix, bool by_parts) {
    Pattern pattern{NormalForm::of(text), by_prefix, by_parts};
    const std::string_view bytes = pattern.text.reveal();
    const auto same = [&](const Pattern& other) { return other.text.reveal() == bytes; };
    if (bytes.size() < fewest_visible || std::any_of(patterns_.begin(), patterns_.end(), same)) {
        return;
    }
    buckets_.resize(std::size_t{1} << bits_of_bucket);
    const std::size_t last = by_parts ? bytes.size() - std::min(bytes.size(), shortest_part) : 0;
    for (std::uint32_t offset = 0; offset <= last; ++offset) {
        std::uint32_t& bucket = buckets_[bucket_of(key_of(bytes.substr(offset)))];
        places_.push_back({static_cast<std::uint32_t>(patterns_.size()), offset, bucket});
        bucket = static_cast<std::uint32_t>(places_.size());
    }
    patterns_.push_back(std::move(pattern));
}

void Redactor::reserve(std::size_t bytes) {
    constexpr std::size_t forms = 5;  // as it is, and Base64 (4/3 of it) at three alignments
    places_.reserve(forms * bytes);
}

void Redactor::add(const Secret& secret) {
    const std::string& value = secret.reveal();
    if (value.size() < shortest_secret) {
        return;
    }
    // A text of several words or lines (a key file) begins like others of its kind, so its prefix
    // does not count.
    const bool one_word = value.find_first_of(" \n\t\"") == std::string::npos;
    const std::string_view part = secret_part(value);
    if (std::any_of(value.begin(), value.end(), [](char c) { return byte(c) >= 0x80; })) {
        verbatim_.push_back(secret);
    }
    for (const char blank : {' ', '+'}) {
        std::string text = value;
        std::replace(text.begin(), text.end(), ' ', blank);
        add_pattern(Secret(std::move(text)), one_word, part == value);
    }
    add_pattern(Secret(std::string(part)), one_word, true);
    for (const std::size_t bit : {0U, 2U, 4U}) {
        add_pattern(base64_from(value, bit), one_word, true);
    }
}

// The length of the longest match at the start of `text`, which has this key; 0 if there is none.
std::size_t Redactor::match_length(std::string_view text, std::uint32_t key, Parts parts) const {
    const std::size_t part = parts == Parts::whole_only ? shortest_own_part : shortest_part;
    std::size_t longest = 0;
    for (auto next = buckets_[bucket_of(key)]; next != 0; next = places_[next - 1].next) {
        const Place& place = places_[next - 1];
        const Pattern& pattern = patterns_[place.pattern];
        const auto wanted = std::string_view(pattern.text.reveal()).substr(place.offset);
        if (key_of(wanted) != key) {
            continue;
        }
        std::size_t needed = pattern.by_parts ? part : wanted.size();
        if (place.offset == 0) {
            const bool prefix = pattern.by_prefix && parts == Parts::first_parts_too;
            needed = std::min(prefix ? shortest_first_part : needed, wanted.size());
        }
        longest = std::max(longest, match(text, wanted, needed));
    }
    return longest;
}

// The same if the first bytes of `text` are not plain: what follows may change them.
std::size_t Redactor::match_length(std::string_view text, Parts parts) const {
    NormalForm form;
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        form.read(text[at]);
        const std::size_t size = form.bytes().size();
        // Blanks before a secret are not part of it.
        if (size * longest_gap <= at || form.unchanged() > key_size + longest_escape) {
            break;
        }
        if (size >= key_size) {
            longest = std::max(longest, match_length(text, key_of(form.bytes()), parts));
            if (form.is_final()) {
                break;
            }
        }
    }
    return longest;
}

std::string Redactor::redact(std::string_view given, Parts parts) const {
    if (verbatim_.empty()) {
        return redact_forms(given, parts);
    }
    std::string text(given);
    for (const auto& secret : verbatim_) {
        for (std::size_t at = 0; (at = text.find(secret.reveal(), at)) != std::string::npos;) {
            text.replace(at, secret.size(), redacted_text);
            at += redacted_text.size();
        }
    }
    return redact_forms(text, parts);
}

std::string Redactor::redact_forms(std::string_view text, Parts parts) const {
    if (patterns_.empty()) {
        return std::string(text);
    }
    std::string out;
    out.reserve(text.size());
    std::size_t done = 0;
    std::uint32_t key = 0;
    for (std::size_t end = 1; end < text.size() + key_size; ++end) {
        key = key << 8 | (end <= text.size() ? plain_bytes[byte(text[end - 1])] : 0U);
        // That is: none of the four bytes of the key is 0.
        const bool all_plain = ((key - 0x01010101U) & 0x80808080U) == 0;
        if (end < done + key_size || (all_plain && buckets_[bucket_of(key)] == 0)) {
            continue;
        }
        const std::size_t at = end - key_size;
        const auto rest = text.substr(at);
        const auto length = all_plain ? match_length(rest, key, parts) : match_length(rest, parts);
        if (length != 0) {
            out += text.substr(done, at - done);
            out += redacted_text;
            done = at + length;
        }
    }
    out += text.substr(done);
    return out;
}

}  // namespace bqconn
