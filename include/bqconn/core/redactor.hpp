// Redacts the secrets of this run from any text: raw, JSON-escaped, percent-encoded, Base64 (at any
// of its three alignments, either alphabet), and any per-character mixture of the first three.
// Servers truncate and wrap what they echo, so parts count too: in foreign text a prefix of 12
// bytes or any part of 16; in bqconn's own text, where a value may begin like a secret, any part of
// 20. Parts match in any letter case, with blanks, line breaks or invisible characters inside, and
// with HTML and string escapes. Of a document (a key file) the parts of its private key and of its
// Base64 count, but not its words. Secrets shorter than 8 bytes are ignored: they would redact
// ordinary words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/core/part_index.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn {

struct Span;

class Redactor {
  public:
    void add(const Secret& secret);
    enum class Parts { whole_only, first_parts_too };
    std::string redact(std::string_view text, Parts parts = Parts::first_parts_too) const;

  private:
    struct Pattern {
        Secret text;
        std::size_t shortest;  // how much must match if a prefix counts
    };
    void add_pattern(std::string text, std::size_t shortest);
    void add_parts(std::string_view text);
    void find_wholes(std::string_view text, Parts parts, std::vector<Span>& found) const;
    std::vector<Pattern> patterns_;
    PartIndex parts_{16};
    PartIndex long_parts_{20};
};

}  // namespace bqconn
