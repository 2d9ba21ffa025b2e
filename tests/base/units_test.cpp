#include "support/catch.hpp"

#include "base/units.hpp"

TEST_CASE("token counts are read as vLLM reads them", "[base]") {
  CHECK(vw::parse_count("8192") == 8192);
  CHECK(vw::parse_count("8k") == 8000);
  CHECK(vw::parse_count("8K") == 8192);
  CHECK(vw::parse_count("1m") == 1'000'000);
  CHECK(vw::parse_count("1M") == 1'048'576);
  CHECK(vw::parse_count("25.6k") == 25'600);
  CHECK(vw::parse_count("0.500k") == 500);
  CHECK(vw::parse_count("1.0000k") == 1000);
  CHECK(vw::parse_count("1T") == std::int64_t{1} << 40);
  CHECK(vw::parse_count("1099511627776") == std::int64_t{1} << 40);
}

TEST_CASE("what vLLM would refuse or nobody can mean is no token count", "[base]") {
  for (const char* text : {"",
                           "0",
                           "0k",
                           "-1",
                           "+1",
                           "k",
                           "1.5",
                           "1.5K",
                           "1.0005k",
                           ".5k",
                           "5.k",
                           "1e3",
                           "8 k",
                           " 8",
                           "8kb",
                           "1099511627777",
                           "2T",
                           "2t",
                           "99999999999999999999",
                           "99999999999999999999k",
                           "0x10",
                           "1.2.3k"})
    CHECK(vw::parse_count(text) == std::nullopt);
}

TEST_CASE("bytes are shown in the largest binary unit that reaches one", "[base]") {
  CHECK(vw::show_bytes(17) == "17 B");
  CHECK(vw::show_bytes(0) == "0 B");
  CHECK(vw::show_bytes(2048) == "2.00 KiB");
  CHECK(vw::show_bytes(vw::from_mib(512)) == "512.00 MiB");
  CHECK(vw::show_bytes(vw::from_gib(13.04)) == "13.04 GiB");
  CHECK(vw::show_bytes(vw::from_gib(-1.5)) == "-1.50 GiB");
  CHECK(vw::show_bytes(vw::bytes_per_gib - 1) == "1.00 GiB");
  CHECK(vw::show_bytes(vw::from_gib(2048)) == "2048.00 GiB");
}

TEST_CASE("counts are shown in groups of three digits", "[base]") {
  CHECK(vw::show_count(0) == "0");
  CHECK(vw::show_count(999) == "999");
  CHECK(vw::show_count(131072) == "131,072");
  CHECK(vw::show_count(-1234567) == "-1,234,567");
  CHECK(vw::show_count(INT64_MIN) == "-9,223,372,036,854,775,808");
}

TEST_CASE("limits are shown in plain digits", "[base]") {
  CHECK(vw::show_number(0) == "0");
  CHECK(vw::show_number(0.01) == "0.01");
  CHECK(vw::show_number(1e-6) == "0.000001");
  CHECK(vw::show_number(-1e-6) == "-0.000001");
  CHECK(vw::show_number(1e12) == "1000000000000");
  CHECK(vw::show_number(1e16) == "10000000000000000");
  CHECK(vw::show_number(2.5) == "2.5");
  CHECK(vw::show_number(1e300) == "1e+300");
}
