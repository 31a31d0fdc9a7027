// Knows the secrets of this run and takes them out of any text, by value: raw, JSON-escaped,
// percent-encoded, Base64 (at any of its three alignments, either alphabet), and any mixture of the
// first three, letter by letter. Servers cut and wrap what they echo, so that parts count too:
// in text of others a first part of 12 bytes, and any part of 16; in our own text, where a value
// may begin like a secret, any part of 20. A part is known in either case of its letters, with
// blanks, line breaks or invisible characters in it, and with escapes of HTML and of strings. Of a
// document (a key file) the parts of its private key and of its Base64 count, and its words do not.
// Secrets shorter than 8 bytes are not looked for: they would blank ordinary words.
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
        std::size_t shortest;  // how much of it must match where a first part counts
    };
    void add_pattern(std::string text, std::size_t shortest);
    void add_parts(std::string_view text);
    void find_wholes(std::string_view text, Parts parts, std::vector<Span>& found) const;
    std::vector<Pattern> patterns_;
    PartIndex parts_{16};
    PartIndex long_parts_{20};
};

}  // namespace bqconn
