// Knows the secrets of this run and takes them out of any text, by value: raw, JSON-escaped,
// percent-encoded, Base64 (at any of its three alignments, either alphabet), and any mixture of the
// first three, letter by letter. A first part of 12 bytes or more of a secret counts too: servers
// cut what they echo. Secrets shorter than 6 bytes are not looked for: they would blank ordinary
// words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/core/secret.hpp"

namespace bqconn {

class Redactor {
  public:
    void add(const Secret& secret);
    std::string redact(std::string_view text) const;

  private:
    struct Pattern {
        Secret text;
        std::size_t shortest;  // how much of it must match
    };
    void add_pattern(std::string text, std::size_t shortest);
    std::vector<Pattern> patterns_;
};

}  // namespace bqconn
