// The user's choices of how the emulated services behave.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "bqconn/emulator/bigquery_project.hpp"
#include "bqconn/emulator/failures.hpp"

namespace bqconn::emulator {

struct ServiceOptions {
    bool patch = true;     // false: PATCH /connections/{id} is not enabled
    bool licensed = true;  // false: the organisation has no licence for the BigQuery source
    // The results of successive connection tests; the last one repeats. Empty: true.
    std::vector<bool> test_results;
    // Returns the bad credentials, one per line, read again each time; empty: none.
    std::function<std::string()> bad_credentials;
    BigQueryProject bigquery = sample_bigquery_project();
    GoogleFailures google;
    AdobeFailures adobe;
    std::chrono::seconds date_shift{0};  // shifts the Date header only
};

}  // namespace bqconn::emulator
