#include "bqconn/core/part_index.hpp"

#include <algorithm>

namespace bqconn {
namespace {

constexpr std::uint64_t base = 0x9e3779b97f4a7c15;

// Calls `seen(hash, last)` for each n-gram of `length` bytes; `last` is the index of its last byte.
template <typename Seen>
void each_gram(std::string_view text, std::size_t length, Seen seen) {
    std::uint64_t weight = 1;  // of the byte that leaves
    for (std::size_t i = 0; i < length; ++i) {
        weight *= base;
    }
    const auto value = [text](std::size_t at) {
        return static_cast<std::uint64_t>(static_cast<unsigned char>(text[at])) + 1;
    };
    std::uint64_t hash = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        hash = hash * base + value(at);
        if (at >= length) {
            hash -= value(at - length) * weight;
        }
        if (at + 1 >= length) {
            seen(hash, at);
        }
    }
}

}  // namespace

void PartIndex::add(std::string_view text) {
    const std::size_t length = std::min(part_, text.size());
    auto& grams = grams_[length];
    each_gram(text, length, [&grams](std::uint64_t hash, std::size_t) { grams.insert(hash); });
}

std::vector<std::pair<std::size_t, std::size_t>> PartIndex::find(std::string_view text) const {
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    for (const auto& [length, grams] : grams_) {
        const auto before = runs.size();
        each_gram(text, length,
                  [&, size = length, &known = grams](std::uint64_t hash, std::size_t last) {
                      if (!known.contains(hash)) {
                          return;
                      }
                      const std::size_t first = last + 1 - size;
                      if (runs.size() > before && first <= runs.back().second) {
                          runs.back().second = last;
                      } else {
                          runs.emplace_back(first, last);
                      }
                  });
    }
    return runs;
}

}  // namespace bqconn
