// A service that fails every create but whose list is true: it has what was applied, and an older
// connection with the same name.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "reliability/faults.hpp"
#include "reliability/scene.hpp"

namespace bqconn::reliability {

class TruthfulService {
  public:
    // With `applies`, the connection exists once the create request was read.
    // With `has_older`, an older connection with its name always exists.
    TruthfulService(const Fault& fault, bool applies, bool has_older);

    int posts() const { return posts_; }
    int lists() const { return lists_; }

    // The settings of a run against it. With `given_token`, no token is fetched.
    std::vector<std::string> environment(bool given_token) const;

  private:
    void serve(test::RawConnection& connection);
    std::string list() const;

    Fault fault_;
    bool applies_;
    bool has_older_;
    std::atomic<int> posts_ = 0;
    std::atomic<int> lists_ = 0;
    std::atomic<std::int64_t> created_at_ = 0;
    test::RawServer server_;
};

}  // namespace bqconn::reliability
