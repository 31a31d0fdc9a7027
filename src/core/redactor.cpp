#include "bqconn/core/redactor.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <utility>

#include "bqconn/core/text.hpp"
#include "core/escapes.hpp"
#include "core/reading.hpp"

namespace bqconn {
namespace {

constexpr std::size_t shortest_secret = 8;
constexpr std::size_t shortest_part = 12;
constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct Match {
    std::size_t of_secret = 0;
    std::size_t of_text = 0;
    auto operator<=>(const Match&) const = default;
};

// The distinct ways to decode the same text. Most end at the next character.
class Readings {
  public:
    void add(Match match) {
        const auto end = all_.begin() + static_cast<std::ptrdiff_t>(count_);
        if (count_ < all_.size() && std::find(all_.begin(), end, match) == end) {
            all_[count_++] = match;
        }
    }
    const Match* begin() const { return all_.data(); }
    const Match* end() const { return all_.data() + count_; }

  private:
    std::array<Match, 16> all_{};
    std::size_t count_ = 0;
};

// How far `text` matches `secret` from its start. A secret may itself contain escapes ("100%25"),
// so
// "%25" in the text may be one character of it or three.
Match match(std::string_view text, std::string_view secret) {
    constexpr std::string_view starts_of_escapes = "%\\+";
    if (text.front() != secret.front() &&
        starts_of_escapes.find(text.front()) == std::string_view::npos) {
        return {};
    }
    Match furthest;
    Readings now;
    now.add({});
    while (now.begin() != now.end()) {
        Readings next;
        for (const Match& found : now) {
            furthest = std::max(furthest, found);
            const auto rest = text.substr(found.of_text);
            const auto wanted = secret.substr(found.of_secret);
            if (rest.empty() || wanted.empty()) {
                continue;
            }
            if (const auto unit = escape_at(rest); unit && wanted.starts_with(unit->bytes)) {
                next.add({found.of_secret + unit->bytes.size(), found.of_text + unit->length});
            }
            if (rest.front() == wanted.front() || (rest.front() == '+' && wanted.front() == ' ')) {
                next.add({found.of_secret + 1, found.of_text + 1});
            }
        }
        now = next;
    }
    return furthest;
}

// The Base64 of `secret` at `offset` (0, 1, 2) modulo 3 in any text, without the characters at the
// ends that depend on its neighbours.
std::string base64_core(std::string_view secret, std::size_t offset) {
    std::string bytes(offset, '\0');
    bytes += secret;
    std::string out;
    for (std::size_t bit = 0; bit + 6 <= bytes.size() * 8; bit += 6) {
        unsigned value = 0;
        for (std::size_t i = bit; i < bit + 6; ++i) {
            const auto byte = static_cast<unsigned char>(bytes[i / 8]);
            value = (value << 1) | ((byte >> (7 - i % 8)) & 1U);
        }
        out += base64_alphabet[value];
    }
    const std::array<std::size_t, 3> unsure{0, 2, 3};
    return out.substr(std::min(unsure[offset], out.size()));
}

// What part of a secret is matched in parts: the body of a private key; nothing of another
// document, whose words (a project, a URL) are not secret; all of anything else.
std::string_view secret_part(std::string_view value) {
    constexpr std::string_view mark = "PRIVATE KEY-----";
    constexpr std::string_view end_mark = "-----END";
    const auto begin = value.find(mark);
    if (begin != std::string_view::npos) {
        value.remove_prefix(begin + mark.size());
        return value.substr(0, value.find(end_mark));
    }
    return trim_ascii(value).starts_with('{') ? std::string_view() : value;
}

}  // namespace

void Redactor::add_pattern(std::string text, std::size_t shortest) {
    patterns_.push_back({Secret(std::move(text)), shortest});
}

void Redactor::add_parts(std::string_view text) {
    const Secret plain(read_plainly(text).bytes);
    if (plain.size() >= shortest_part) {
        parts_.add(plain.reveal());
        long_parts_.add(plain.reveal());
    }
}

void Redactor::add(const Secret& secret) {
    const std::string& value = secret.reveal();
    if (value.size() < shortest_secret) {
        return;
    }
    // A text of several words or lines (a key file) begins like others of its kind, so its prefix
    // does not count.
    const bool one_word = value.find_first_of(" \n\t\"") == std::string::npos;
    const auto part = [one_word](const std::string& text) {
        return one_word ? std::min(text.size(), shortest_part) : text.size();
    };
    add_pattern(value, part(value));
    for (std::size_t offset = 0; offset < 3; ++offset) {
        std::string core = base64_core(value, offset);
        add_parts(core);
        std::string url_core = core;
        std::replace(url_core.begin(), url_core.end(), '+', '-');
        std::replace(url_core.begin(), url_core.end(), '/', '_');
        const auto shortest = part(core);
        if (url_core != core) {
            add_pattern(std::move(url_core), shortest);
        }
        add_pattern(std::move(core), shortest);
    }
    add_parts(secret_part(value));
}

void Redactor::find_wholes(std::string_view text, Parts parts, std::vector<Span>& found) const {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t longest = 0;
        for (const auto& pattern : patterns_) {
            const Match seen = match(text.substr(at), pattern.text.reveal());
            const auto wanted = parts == Parts::whole_only ? pattern.text.size() : pattern.shortest;
            if (seen.of_secret >= wanted) {
                longest = std::max(longest, seen.of_text);
            }
        }
        if (longest != 0) {
            found.push_back({at, at + longest});
        }
        at += std::max<std::size_t>(longest, 1);
    }
}

std::string Redactor::redact(std::string_view text, Parts parts) const {
    std::vector<Span> found;
    find_wholes(text, parts, found);
    if (!patterns_.empty()) {
        const Reading reading = read_plainly(text);
        const PartIndex& index = parts == Parts::whole_only ? long_parts_ : parts_;
        for (const auto& [first, last] : index.find(reading.bytes)) {
            found.push_back({reading.spans[first].start, reading.spans[last].end});
        }
    }
    std::sort(found.begin(), found.end(),
              [](const Span& a, const Span& b) { return a.start < b.start; });
    std::string out;
    out.reserve(text.size());
    std::size_t done = 0;
    for (const Span& span : found) {
        // Overlapping matches get one mark.
        if (span.start >= done) {
            out += text.substr(done, span.start - done);
            out += redacted_text;
        }
        done = std::max(done, span.end);
    }
    out += text.substr(done);
    return out;
}

}  // namespace bqconn
