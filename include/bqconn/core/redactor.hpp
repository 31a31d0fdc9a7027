// Knows the secrets of this run and takes them out of any text, by value: raw, JSON-escaped,
// percent-encoded, Base64 (at any of its three alignments, either alphabet), and any mixture of the
// first three, letter by letter. In text of others a first part of 12 bytes or more of a secret
// counts too: servers cut what they echo. In our own text it does not: a value of ours may begin
// like a secret. Secrets shorter than 8 bytes are not looked for: they would blank ordinary words.
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
    enum class Parts { whole_only, first_parts_too };
    std::string redact(std::string_view text, Parts parts = Parts::first_parts_too) const;

  private:
    struct Pattern {
        Secret text;
        std::size_t shortest;  // how much of it must match where a first part counts
    };
    void add_pattern(std::string text, std::size_t shortest);
    std::vector<Pattern> patterns_;
};

}  // namespace bqconn
