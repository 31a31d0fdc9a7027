// Redacts the secrets of this run from any text. A secret is found as it is and as servers and
// libraries repeat it: JSON-escaped, percent-encoded (a blank also as '+'), with HTML character
// references or string escapes (\x2f, \057), with these mixed or nested, and in Base64 of either
// alphabet at any of its three alignments. Letter case is ignored, and so are up to 64 bytes in a
// row of blanks, line breaks and all that is not ASCII. No other encoding is recognised. A secret
// with other characters than ASCII is also found as it is, to its end. Servers truncate and wrap
// what they echo, so parts count too: in foreign text a prefix of 12 bytes or any part of 16; in
// bqconn's own text, where a value may begin like a secret, any part of 20. Of a document (a key
// file), the parts of its private key and of its Base64 count, but not its words. Secrets of fewer
// than 8 bytes, or 6 visible ones, are ignored: they would redact ordinary words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/core/secret.hpp"

namespace bqconn {

class Redactor {
  public:
    void add(const Secret& secret);
    void reserve(std::size_t bytes);  // allocates for secrets of that total size
    enum class Parts { whole_only, first_parts_too };
    std::string redact(std::string_view text, Parts parts = Parts::first_parts_too) const;

  private:
    struct Pattern {
        Secret text;  // in normal form
        bool by_prefix;
        bool by_parts;
    };
    // An offset of a pattern where a match may start.
    struct Place {
        std::uint32_t pattern;
        std::uint32_t offset;
        std::uint32_t next;  // in the same bucket: index + 1
    };
    std::string redact_forms(std::string_view text, Parts parts) const;
    void add_pattern(const Secret& text, bool by_prefix, bool by_parts);
    std::size_t match_length(std::string_view text, std::uint32_t key, Parts parts) const;
    std::size_t match_length(std::string_view text, Parts parts) const;
    std::vector<Secret> verbatim_;  // also found as they are, since they are not only ASCII
    std::vector<Pattern> patterns_;
    std::vector<Place> places_;
    std::vector<std::uint32_t> buckets_;  // by the first bytes of a place: index + 1
};

}  // namespace bqconn
