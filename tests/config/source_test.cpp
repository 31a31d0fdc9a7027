#include "bqconn/config/source.hpp"

#include <gtest/gtest.h>

namespace bqconn::config {
namespace {

using Kind = Source::Kind;

TEST(Source, EachKind) {
    EXPECT_EQ(describe(Source{Kind::flag, "--project", "", 0}), "--project");
    EXPECT_EQ(describe(Source{Kind::environment, "BQCONN_PROJECT", "", 0}),
              "BQCONN_PROJECT (environment)");
    EXPECT_EQ(describe(Source{Kind::env_file, "BQCONN_PROJECT", "ci.env", 3}),
              "ci.env:3: BQCONN_PROJECT");
    EXPECT_EQ(describe(Source{Kind::profile, "BQCONN_PROJECT", "home/default.env", 1}),
              "home/default.env:1: BQCONN_PROJECT");
    EXPECT_EQ(describe(Source{Kind::credentials, "project_id", "key.json", 0}),
              "key.json: project_id");
    EXPECT_EQ(describe(Source{Kind::credentials, "", "key.json", 0}), "key.json");
    EXPECT_EQ(describe(Source{}), "default");
}

TEST(Source, AFileNameIsShownInert) {
    EXPECT_EQ(describe(Source{Kind::env_file, "A", "a\x1b[31m\nb", 1}), "a\xef\xbf\xbd[31m b:1: A");
}

}  // namespace
}  // namespace bqconn::config
