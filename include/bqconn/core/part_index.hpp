// Finds substrings of known texts in another text. Stores a hash of each n-gram, so that the time
// does not grow with the number of known texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace bqconn {

class PartIndex {
  public:
    // The shortest substring that counts, in bytes; a shorter text counts only as a whole.
    explicit PartIndex(std::size_t part) : part_(part) {}
    void add(std::string_view text);

    // First and last byte of each run.
    std::vector<std::pair<std::size_t, std::size_t>> find(std::string_view text) const;

  private:
    std::size_t part_;
    std::map<std::size_t, std::unordered_set<std::uint64_t>> grams_;  // by their length
};

}  // namespace bqconn
